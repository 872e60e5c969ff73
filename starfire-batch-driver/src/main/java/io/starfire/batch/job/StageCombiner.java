package io.starfire.batch.job;

import io.starfire.kernel.PartialSums;
import io.starfire.plan.Plan;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.Reducer;

/**
 * Adds the events of a key and window up before they are sent, where the stage is a group that
 * wants no more than their sum. A sum travels at the start of its window, with the number of a
 * shuffle plus that of all shuffles as its edge; the reducer puts it in order with the events that
 * were not added up. Hadoop calls this any number of times on what it has made before.
 */
public final class StageCombiner extends Reducer<Delivery, NullWritable, Delivery, NullWritable> {
  /**
   * By the configuration of a task. Hadoop makes a combiner for each spill, and the task's
   * configuration is all that they share; to build the plan each time costs more than a small
   * spill.
   */
  private static final Map<Configuration, RunSettings> OF_TASKS =
      Collections.synchronizedMap(new WeakHashMap<>());

  private TaskOutcomes outcomes;
  private PartialSums sums;
  private int sumEdge;
  private int firstSumEdge;

  /** Tells a job to combine, if its stage allows that. */
  static void setFor(Job job, Stage stage) {
    if (PartialSums.allowedIn(stage)) {
      job.setCombinerClass(StageCombiner.class);
      job.setCombinerKeyGroupingComparatorClass(DeliveryOrder.Group.class);
    }
  }

  @Override
  protected void setup(Context context) {
    Configuration job = context.getConfiguration();
    RunSettings settings = OF_TASKS.computeIfAbsent(job, RunSettings::from);
    Plan plan = settings.plan();
    List<Shuffle> shuffles = plan.shuffles();
    Shuffle input = StageReducer.stage(plan, job).inputs().get(0);
    outcomes = new TaskOutcomes(settings.interval());
    sums = PartialSums.of(input, outcomes.of(PartialSums.counted(input)));
    firstSumEdge = shuffles.size();
    sumEdge = firstSumEdge + shuffles.indexOf(input);
  }

  /** The key object changes as the values go by: it is the delivery. */
  @Override
  protected void reduce(Delivery delivery, Iterable<NullWritable> values, Context context)
      throws IOException, InterruptedException {
    byte[] key = delivery.key();
    for (NullWritable ignored : values) {
      if (delivery.kind() != Delivery.Kind.KEYED) {
        context.write(delivery, NullWritable.get());
        continue;
      }
      if (!sums.isEmpty() && !sums.takes(delivery.timeMillis())) {
        put(key, context);
      }
      if (delivery.edge() < firstSumEdge) {
        sums.event(delivery.timeMillis(), delivery.value());
      } else {
        sums.sum(delivery.timeMillis(), delivery.value());
      }
    }
    if (!sums.isEmpty()) {
      put(key, context);
    }
  }

  private void put(byte[] key, Context context) throws IOException, InterruptedException {
    Delivery sum = Delivery.event(sumEdge, key, sums.windowMillis(), sums.take());
    context.write(sum, NullWritable.get());
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
