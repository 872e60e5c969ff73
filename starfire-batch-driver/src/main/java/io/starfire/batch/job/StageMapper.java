package io.starfire.batch.job;

import io.starfire.batch.input.InputRecord;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kernel.Lookups;
import java.io.IOException;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.Mapper;

/**
 * Reads raw records and runs the SOURCE stages that are fused to this job, and passes on the events
 * that earlier jobs put on the job's shuffles.
 */
public final class StageMapper extends Mapper<InputRecord, NullWritable, Delivery, NullWritable> {
  private RunSettings settings;
  private Lookups lookups;
  private TaskOutcomes outcomes;
  private DeliverySink output;
  private SourceProgram[] sources;

  @Override
  protected void setup(Context context) {
    settings = RunSettings.from(context.getConfiguration());
    lookups = PinnedLookups.load(settings, context.getConfiguration());
    outcomes = new TaskOutcomes(settings.interval());
    output = new DeliverySink(settings.plan(), context, outcomes);
    sources = new SourceProgram[settings.plan().sources().size()];
  }

  @Override
  protected void map(InputRecord record, NullWritable nothing, Context context) {
    switch (record.kind()) {
      case EDGE ->
          output.write(
              Delivery.event(record.index(), record.key(), record.timeMillis(), record.value()));
      case ROWS ->
          throw new StarfireException(
              ErrorCode.INTERNAL, "rows of a data source are no input of a stage");
      default -> source(record.index()).accept(record);
    }
  }

  private SourceProgram source(int index) {
    if (sources[index] == null) {
      sources[index] = new SourceProgram(settings, index, lookups, outcomes, output);
    }
    return sources[index];
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
