package io.starfire.batch.job;

import io.starfire.kernel.Clip;
import io.starfire.kernel.Lookups;
import io.starfire.kernel.MemoryWindowBuffer;
import io.starfire.kernel.StageProgram;
import io.starfire.plan.Grants;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Reducer;

/**
 * Runs a stage with a shuffle: the events of one key come in order of time, side and canonical
 * bytes, and go through the same kernel as in a stream, which holds one window of them. So of
 * several copies of an event the one with the smallest bytes is kept.
 */
public final class StageReducer extends Reducer<Delivery, NullWritable, Delivery, NullWritable> {
  private static final String STAGE = "starfire.batch.job.stage";

  private RunSettings settings;
  private Stage stage;
  private Grants grants;
  private Clip clip;
  private Lookups lookups;
  private TaskOutcomes outcomes;
  private DeliverySink output;
  private Shuffle.Side[] sides;
  private final MemoryWindowBuffer buffer = new MemoryWindowBuffer();

  /** Tells a job which stage its reducers run. */
  static void setStage(Configuration job, Stage stage) {
    job.set(STAGE, stage.name());
  }

  @Override
  protected void setup(Context context) {
    Configuration job = context.getConfiguration();
    settings = RunSettings.from(job);
    stage =
        settings.plan().stages().stream()
            .filter(candidate -> candidate.name().equals(job.getRaw(STAGE)))
            .findFirst()
            .orElseThrow();
    grants = settings.grants();
    clip = Clip.to(settings.reach());
    lookups = PinnedLookups.load(settings, job);
    outcomes = new TaskOutcomes(settings.interval());
    output = new DeliverySink(settings.plan(), context, outcomes);
    List<Shuffle> shuffles = settings.plan().shuffles();
    sides = shuffles.stream().map(Shuffle::side).toArray(Shuffle.Side[]::new);
  }

  /** The key object changes as the values go by: it is the delivery. */
  @Override
  protected void reduce(Delivery delivery, Iterable<NullWritable> values, Context context) {
    StageProgram program =
        StageProgram.create(settings.plan(), stage, grants, lookups, clip, buffer, output);
    for (NullWritable ignored : values) {
      switch (delivery.kind()) {
        case KEYED, UNKEYED -> {
          program.advanceTo(delivery.timeMillis());
          program.shuffled(
              sides[delivery.edge()], delivery.key(), delivery.timeMillis(), delivery.value());
        }
        case ROW, DEAD_LETTER -> output.write(delivery);
      }
    }
    program.advanceTo(Long.MAX_VALUE);
    buffer.clear();
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
