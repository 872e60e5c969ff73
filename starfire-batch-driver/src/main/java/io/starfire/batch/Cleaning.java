package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.base.TemporaryDirectory;
import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.StarfireClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code batch clean}: deletes what dead runs left, and, if asked, the runs that wait to be
 * published and that nobody is at work on. Stateless.
 */
final class Cleaning {
  /** Of the directories of runs: in the work directory, in deep storage, on the local disk. */
  static final String WORK_PREFIX = "run-";

  static final String STAGING_PREFIX = ".staging-run-";
  static final String LOCAL_PREFIX = "starfire-run-";

  private Cleaning() {}

  /**
   * Where runs have their directories.
   *
   * @param work starfire.batch.work-dir
   * @param deepStorage root of deep storage
   * @param files where runs gather files for other programs
   */
  record Places(String work, String deepStorage, String files) {}

  /**
   * Deletes the directories of dead runs, of the pipelines and of {@code index}.
   *
   * @param keep for how long a run is kept that failed after a job was done
   * @return how many
   */
  static int deadRuns(
      Places places, Duration keep, Configuration configuration, Progress progress) {
    DeadRuns dead = new DeadRuns(configuration, progress);
    String temporary = System.getProperty("java.io.tmpdir");
    // Those in deep storage last: they belong to a directory in the work directory.
    int ofWork =
        dead.delete(
            List.of(places.work()), WORK_PREFIX, run -> KeptRuns.keptFor(run, keep, configuration));
    int ofSegments =
        dead.delete(
            List.of(places.deepStorage()),
            STAGING_PREFIX,
            staging -> KeptRuns.keptFor(workOf(places.work(), staging), keep, configuration));
    int ofFiles =
        dead.delete(
            List.of(places.files()),
            WORK_PREFIX,
            files ->
                KeptRuns.keptFor(
                    places.work() + files.substring(files.lastIndexOf('/')), keep, configuration));
    return ofWork
        + ofSegments
        + ofFiles
        + dead.delete(List.of("file://" + temporary), LOCAL_PREFIX, run -> DeadRuns.DEAD_AFTER)
        + TemporaryDirectory.deleteDead(Path.of(temporary), progress);
  }

  private static String workOf(String workDirectory, String staging) {
    String name = staging.substring(staging.lastIndexOf('/') + 1);
    return workDirectory + "/" + name.substring(STAGING_PREFIX.length() - WORK_PREFIX.length());
  }

  /**
   * Cleans.
   *
   * @param alsoUnpublished whether runs that wait to be published are deleted with their segments
   * @param alsoResumable whether runs are deleted that could be resumed
   */
  static void clean(
      StarfireConfig config,
      Map<String, String> hadoopProperties,
      boolean alsoUnpublished,
      boolean alsoResumable,
      Progress progress) {
    Configuration configuration =
        HadoopSettings.of(config, hadoopProperties, System.getProperty("java.io.tmpdir"));
    String root = Storage.root("starfire.deep-storage.root", config, configuration);
    String work = Storage.qualified(config.string("starfire.batch.work-dir"), configuration);
    Duration keep = config.duration("starfire.batch.keep-failed-runs-for");
    FileSets files = new FileSets(config, configuration, progress);
    int directories = deadRuns(new Places(work, root, files.runs()), keep, configuration, progress);
    progress.line("%d directories of dead runs deleted".formatted(directories));
    files.completeTurns();
    resumable(new KeptRuns(work, configuration), root, files, alsoResumable, progress);
    UnpublishedRequests unpublished =
        new SegmentUpload(root, configuration, progress).unpublished();
    unpublished.deleteDeadMarks();
    StarfireClient coordinator =
        new StarfireClient(
            config.string("starfire.server.coordinator-url"), "starfire.server.coordinator-url");
    for (String id : unpublished.ids()) {
      if (unpublished.isWorkedOn(id)) {
        progress.line(
            "%s stays: a run or 'bin/starfire publish' is at work on it, or was killed in the last %d minutes"
                .formatted(id, DeadRuns.DEAD_AFTER.toMinutes()));
      } else if (alsoUnpublished) {
        unpublished
            .find(id)
            .ifPresent(request -> delete(request, unpublished, coordinator, files, progress));
      } else {
        progress.line(
            "%s waits to be published: 'bin/starfire publish %s' does so, 'bin/starfire batch clean --unpublished' deletes it"
                .formatted(id, id));
      }
    }
    files.waitingIds().stream()
        .filter(id -> !unpublished.ids().contains(id) && !unpublished.isWorkedOn(id))
        .forEach(id -> waitingFiles(id, files, coordinator, alsoUnpublished, progress));
  }

  /** Files of a run whose publication the coordinator has, or had. */
  private static void waitingFiles(
      String id, FileSets files, StarfireClient coordinator, boolean delete, Progress progress) {
    String state = state(id, coordinator);
    boolean mayShow = state.equals(State.ACTIVE.name()) || state.equals(State.STAGED.name());
    if (delete && !mayShow) {
      files.discard(id);
      progress.line("deleted the files of publication %s, which is %s".formatted(id, state));
    } else {
      progress.line(
          "files of publication %s wait, and it is %s: 'bin/starfire publish %s' puts them into their places when it is active"
              .formatted(id, state, id));
    }
  }

  private static String state(String id, StarfireClient coordinator) {
    try {
      return coordinator.publication(id).state().name();
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      return "not known";
    }
  }

  private static void resumable(
      KeptRuns kept, String deepStorageRoot, FileSets files, boolean delete, Progress progress) {
    if (delete) {
      int deleted = kept.delete(deepStorageRoot, files.runs(), progress);
      progress.line("%d runs that could be resumed deleted".formatted(deleted));
      return;
    }
    for (KeptRuns.Found each : kept.all()) {
      progress.line(
          "%s can be resumed: the same command with --resume does so, 'bin/starfire batch clean --resumable' deletes it"
              .formatted(KeptRuns.describe(each)));
    }
  }

  /** Only a coordinator that answers can say that nobody has the segments. */
  private static void delete(
      PublicationRequest request,
      UnpublishedRequests unpublished,
      StarfireClient coordinator,
      FileSets files,
      Progress progress) {
    try {
      PublicationStatus status = coordinator.publication(request.id());
      unpublished.forget(request.id());
      progress.line(
          "publication %s is registered, and %s; its segments stay"
              .formatted(status.id(), status.state()));
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      if (unpublished.isWorkedOn(request.id())) {
        // Somebody began to publish it while the coordinator was asked.
        progress.line("%s stays: somebody publishes it".formatted(request.id()));
        return;
      }
      unpublished.delete(request);
      files.discard(request.id());
      progress.line("deleted %s with its segments".formatted(request.id()));
    }
  }
}
