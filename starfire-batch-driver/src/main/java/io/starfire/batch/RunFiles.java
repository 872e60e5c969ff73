package io.starfire.batch;

import io.starfire.batch.job.ParquetColumns;
import io.starfire.batch.job.RunJobs;
import io.starfire.common.Interval;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.FilesNode;
import java.util.List;
import java.util.Optional;

/**
 * The files of one run for other programs; nothing is done for a pipeline that writes none. One
 * thread.
 */
final class RunFiles {
  private final Plan plan;
  private final Interval interval;
  private final String run;
  private final FileSets sets;

  /**
   * @param run name of the run's directories
   */
  RunFiles(Plan plan, Interval interval, String run, FileSets sets) {
    this.plan = plan;
    this.interval = interval;
    this.run = run;
    this.sets = sets;
  }

  /** Refuses a run whose files could not be written. */
  void check() {
    for (FilesNode sink : plan.files()) {
      ParquetColumns.check(sink.files());
      sets.requireReplaceable(sink.files().name(), interval, plan.pipeline());
    }
  }

  /** The run's own directory. */
  Optional<String> directory() {
    return plan.files().isEmpty() ? Optional.empty() : Optional.of(sets.gathering(run));
  }

  /** Takes over what the run has gathered that this one goes on with. */
  void claim(String earlier) {
    if (!plan.files().isEmpty()) {
      sets.claim(earlier, run);
    }
  }

  /** Completes what a run has begun that was killed, so that it does not come after this one. */
  void completeTurns() {
    if (!plan.files().isEmpty()) {
      sets.completeTurns();
    }
  }

  /**
   * Takes what the jobs have written. From now on it waits.
   *
   * @param version of the run
   * @param publication id of its publication, or empty
   */
  void complete(RunJobs jobs, String version, String publication) {
    if (plan.files().isEmpty()) {
      return;
    }
    FileSet set =
        new FileSet(plan.pipeline(), plan.fingerprint(), interval, version, publication, run);
    for (FilesNode sink : plan.files()) {
      sets.gather(sink.files().name(), set, jobs.results(plan.indexOf(sink)));
    }
    sets.complete(run, id(publication));
  }

  /** The opposite of {@link #complete}: the segments could not be stored. */
  void takeBack(String publication) {
    if (!plan.files().isEmpty()) {
      sets.takeBack(run, id(publication));
    }
  }

  /** Shows the files to readers. */
  List<WrittenFiles> turn(String publication) {
    return plan.files().isEmpty() ? List.of() : sets.turn(id(publication));
  }

  /** Those that are not shown yet. */
  List<WrittenFiles> waiting(String publication) {
    return plan.files().isEmpty() ? List.of() : sets.waitingFiles(id(publication));
  }

  /** No coordinator will ever take the publication. */
  void discard(String publication) {
    if (!plan.files().isEmpty()) {
      sets.discard(id(publication));
    }
  }

  private String id(String publication) {
    return publication.isEmpty() ? run : publication;
  }
}
