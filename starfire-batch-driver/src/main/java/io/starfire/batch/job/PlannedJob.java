package io.starfire.batch.job;

import static java.util.Objects.requireNonNull;

import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A job of a run, and the jobs whose output it reads. One job runs each stage with a shuffle, in
 * its reducers. If a source feeds one stage, the mappers of that stage's job read it. If it feeds
 * several stages, or feeds a sink directly, a job without reducers reads it, so that each event is
 * counted once. One job then indexes the rows of all data sources. Immutable.
 *
 * @param name unique in the run; also that of its directory
 * @param title for people
 * @param work what it does
 * @param index of the stage in the plan's stages; -1 for INDEX
 * @param after names of the jobs that must be done before
 */
public record PlannedJob(String name, String title, Work work, int index, List<String> after) {
  /** What a job does. */
  public enum Work {
    /** Reads a source, without a shuffle. */
    READ,
    /** Runs a stage with a shuffle. */
    STAGE,
    /** Builds the segments of all data sources. */
    INDEX
  }

  public PlannedJob {
    requireNonNull(name, "name");
    requireNonNull(title, "title");
    requireNonNull(work, "work");
    after = List.copyOf(after);
  }

  /** The jobs of a plan; each comes after those that it reads. */
  public static List<PlannedJob> all(Plan plan) {
    List<PlannedJob> jobs = new ArrayList<>();
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      if (!stage.isSource()) {
        List<String> after =
            stage.inputs().stream()
                .map(input -> stage(plan, input.fromStage()))
                .filter(from -> !isFused(from))
                .map(from -> nameOf(plan, from))
                .distinct()
                .toList();
        jobs.add(new PlannedJob(nameOf(plan, stage), stage.name(), Work.STAGE, i, after));
      } else if (!isFused(stage)) {
        String title = "read " + stage.name();
        jobs.add(new PlannedJob(nameOf(plan, stage), title, Work.READ, i, List.of()));
      }
    }
    if (!plan.dataSources().isEmpty()) {
      List<String> after =
          plan.stages().stream()
              .filter(stage -> stage.sinks().stream().anyMatch(DataSourceNode.class::isInstance))
              .map(stage -> nameOf(plan, stage))
              .toList();
      String title =
          plan.dataSources().stream()
              .map(DataSourceNode::label)
              .collect(Collectors.joining(", ", "index ", ""));
      jobs.add(new PlannedJob("index", title, Work.INDEX, -1, after));
    }
    return jobs;
  }

  /** The sources that the mappers of a stage's job read themselves. */
  static List<Stage> fusedInto(Plan plan, Stage stage) {
    return plan.stages().stream()
        .filter(source -> source.isSource() && isFused(source))
        .filter(source -> source.outputs().get(0).toStage().equals(stage.name()))
        .toList();
  }

  private static boolean isFused(Stage stage) {
    Set<String> targets = new HashSet<>();
    for (Shuffle output : stage.outputs()) {
      targets.add(output.toStage());
    }
    return stage.isSource() && targets.size() == 1 && stage.sinks().isEmpty();
  }

  private static Stage stage(Plan plan, String name) {
    return plan.stages().stream()
        .filter(stage -> stage.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String nameOf(Plan plan, Stage stage) {
    return stage.isSource()
        ? "source-" + plan.sources().indexOf(stage.source())
        : "stage-" + plan.stages().indexOf(stage);
  }
}
