package io.starfire.batch.job;

import io.starfire.kernel.Clip;
import io.starfire.kernel.StageProgram;
import io.starfire.kernel.StageState;
import io.starfire.plan.Plan;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Reducer;

/**
 * Runs a stage with a shuffle: the events of one key come in order of time, shuffle and canonical
 * bytes, and go through the same kernel as in a stream, which holds one window of them. So of
 * several copies of an event the one with the smallest bytes is kept.
 */
public final class StageReducer extends Reducer<Delivery, NullWritable, Delivery, NullWritable> {
  private static final String STAGE = "starfire.batch.job.stage";

  private TaskOutcomes outcomes;
  private DeliverySink output;
  private StageProgram program;

  /** By the index of the shuffle in the plan; null for those of other stages. */
  private StageProgram.Input[] inputs;

  /** Tells a job which stage its reducers run. */
  static void setStage(Configuration job, Stage stage) {
    job.set(STAGE, stage.name());
  }

  static Stage stage(Plan plan, Configuration job) {
    return plan.stages().stream()
        .filter(candidate -> candidate.name().equals(job.getRaw(STAGE)))
        .findFirst()
        .orElseThrow();
  }

  @Override
  protected void setup(Context context) {
    Configuration job = context.getConfiguration();
    RunSettings settings = RunSettings.from(job);
    Stage stage = stage(settings.plan(), job);
    outcomes = new TaskOutcomes(settings.interval());
    output = new DeliverySink(settings.plan(), context, outcomes);
    program =
        StageProgram.create(
            settings.plan(),
            stage,
            settings.grants(),
            PinnedLookups.load(settings, job),
            Clip.to(settings.reach()),
            StageState.onHeap(),
            output);
    List<Shuffle> shuffles = settings.plan().shuffles();
    inputs = new StageProgram.Input[shuffles.size()];
    for (int i = 0; i < inputs.length; i++) {
      if (shuffles.get(i).toStage().equals(stage.name())) {
        inputs[i] = program.input(shuffles.get(i));
      }
    }
  }

  /** The key object changes as the values go by: it is the delivery. */
  @Override
  protected void reduce(Delivery delivery, Iterable<NullWritable> values, Context context) {
    for (NullWritable ignored : values) {
      switch (delivery.kind()) {
        case KEYED, UNKEYED -> {
          program.advanceTo(delivery.timeMillis());
          take(delivery);
        }
        case ROW, DEAD_LETTER -> output.write(delivery);
      }
    }
    program.advanceTo(Long.MAX_VALUE);
    program.reset();
  }

  private void take(Delivery delivery) {
    int edge = delivery.edge();
    if (edge < inputs.length) {
      inputs[edge].event(delivery.key(), delivery.timeMillis(), delivery.value());
    } else {
      // See StageCombiner.
      inputs[edge - inputs.length].sum(delivery.key(), delivery.timeMillis(), delivery.value());
    }
  }

  @Override
  protected void cleanup(Context context) {
    outcomes.addTo(context::getCounter);
  }

  @Override
  public void run(Context context) throws IOException, InterruptedException {
    TaskFailures.noting(context, () -> super.run(context));
  }
}
