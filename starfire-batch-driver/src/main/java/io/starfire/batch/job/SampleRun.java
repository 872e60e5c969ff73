package io.starfire.batch.job;

import io.starfire.batch.input.InputRecord;
import io.starfire.batch.input.InputSample;
import io.starfire.batch.input.PartsInputFormat;
import io.starfire.batch.input.RunInputs;
import io.starfire.kernel.Clip;
import io.starfire.kernel.Lookups;
import io.starfire.kernel.StageProgram;
import io.starfire.kernel.StageState;
import io.starfire.plan.Plan;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Estimates what the jobs of a run would send, from the first records of each source: they go
 * through the whole plan in this process, and nothing is written. Groups are estimated too high,
 * since few of the first records meet. For one thread and one estimate.
 */
public final class SampleRun {
  private static final int RECORDS = 2_000;

  private final RunSettings settings;
  private final Plan plan;
  private final Lookups lookups;
  private final TaskOutcomes outcomes;

  /** By the index of the shuffle. */
  private final Map<Integer, List<Delivery>> sent = new TreeMap<>();

  private final Map<Integer, Double> scales = new TreeMap<>();
  private final Map<Integer, Double> rows = new TreeMap<>();
  private double scale;

  private SampleRun(RunSettings settings, Configuration configuration) {
    this.settings = settings;
    this.plan = settings.plan();
    this.lookups = PinnedLookups.load(settings, configuration);
    this.outcomes = new TaskOutcomes(settings.interval());
  }

  /**
   * What a run would send.
   *
   * @param shuffleBytes by the name of the stage that reads them, before compression
   * @param rows by sink, before rollup
   */
  public record Estimate(Map<String, Long> shuffleBytes, Map<Integer, Long> rows) {}

  /** Estimates. The lookups of the settings may be the files themselves. */
  public static Estimate of(RunSettings settings, RunInputs inputs, Configuration configuration) {
    SampleRun run = new SampleRun(settings, configuration);
    for (Stage stage : run.plan.stages()) {
      if (stage.isSource()) {
        run.read(stage, inputs, configuration);
      } else {
        run.reduce(stage);
      }
    }
    return run.estimate();
  }

  private void read(Stage stage, RunInputs inputs, Configuration configuration) {
    int index = plan.sources().indexOf(stage.source());
    Configuration job = new Configuration(configuration);
    PartsInputFormat.setWantedFields(job, index, JobChain.wantedFields(settings, stage.source()));
    InputSample sample = InputSample.of(inputs, index, RECORDS, job);
    scale = sample.scale();
    SourceProgram program = new SourceProgram(settings, index, lookups, outcomes, output());
    for (InputRecord record : sample.records()) {
      program.accept(record);
    }
  }

  private void reduce(Stage stage) {
    StageProgram program =
        StageProgram.create(
            plan,
            stage,
            settings.grants(),
            lookups,
            Clip.to(settings.reach()),
            StageState.onHeap(),
            output());
    List<Delivery> all = new ArrayList<>();
    scale = 0;
    for (Shuffle input : stage.inputs()) {
      int edge = plan.shuffles().indexOf(input);
      all.addAll(sent.getOrDefault(edge, List.of()));
      scale = Math.max(scale, scales.getOrDefault(edge, 0.0));
    }
    all.sort(null);
    Delivery last = null;
    for (Delivery delivery : all) {
      if (last != null && last.compareGroup(delivery) != 0) {
        endOfKey(program);
      }
      program.advanceTo(delivery.timeMillis());
      boolean unused =
          program
              .input(plan.shuffles().get(delivery.edge()))
              .event(delivery.key(), delivery.timeMillis(), delivery.value());
      last = delivery;
    }
    endOfKey(program);
  }

  private static void endOfKey(StageProgram program) {
    program.advanceTo(Long.MAX_VALUE);
    program.reset();
  }

  private DeliverySink output() {
    return new DeliverySink(plan, this::take, outcomes);
  }

  private void take(Delivery delivery) {
    switch (delivery.kind()) {
      case KEYED, UNKEYED -> {
        sent.computeIfAbsent(delivery.edge(), edge -> new ArrayList<>()).add(delivery);
        double now = scale;
        scales.put(delivery.edge(), now);
      }
      case ROW -> rows.merge(delivery.edge(), scale, Double::sum);
      case DEAD_LETTER -> {
        // It is counted when the run meets it.
      }
    }
  }

  private Estimate estimate() {
    Map<String, Long> bytes = new TreeMap<>();
    for (int edge = 0; edge < plan.shuffles().size(); edge++) {
      double size =
          sent.getOrDefault(edge, List.of()).stream().mapToLong(Delivery::size).sum()
              * scales.getOrDefault(edge, 0.0);
      bytes.merge(plan.shuffles().get(edge).toStage(), Math.round(size), Long::sum);
    }
    Map<Integer, Long> rowCounts = new TreeMap<>();
    rows.forEach((sink, count) -> rowCounts.put(sink, Math.round(count)));
    return new Estimate(bytes, rowCounts);
  }
}
