package io.starfire.batch.input;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mapreduce.InputFormat;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.RecordReader;
import org.apache.hadoop.mapreduce.TaskAttemptContext;

/** Reads the {@link InputParts} of a job: any mixture of formats. */
public final class PartsInputFormat extends InputFormat<InputRecord, NullWritable> {
  private static final String PARTS_FILE = "starfire.batch.job.input-parts";
  private static final String WANTED_FIELDS = "starfire.batch.job.wanted-fields.";

  /**
   * Tells a job what to read.
   *
   * @param partsFile that {@link InputParts#toBytes} were written to
   */
  public static void setParts(Configuration job, String partsFile) {
    job.set(PARTS_FILE, partsFile);
  }

  /** Tells a job which columns of Parquet files a source needs. */
  public static void setWantedFields(Configuration job, int source, String... names) {
    job.setStrings(WANTED_FIELDS + source, names);
  }

  static String[] wantedFields(Configuration job, int source) {
    return job.getStrings(WANTED_FIELDS + source, new String[0]);
  }

  @Override
  public List<InputSplit> getSplits(JobContext context) {
    Configuration job = context.getConfiguration();
    String file = job.getRaw(PARTS_FILE);
    InputParts parts = InputParts.fromBytes(Storage.of(file, job).read(file));
    List<InputSplit> splits = new ArrayList<>();
    parts.splits().forEach(split -> splits.add(new PartsSplit(split)));
    return splits;
  }

  @Override
  public RecordReader<InputRecord, NullWritable> createRecordReader(
      InputSplit split, TaskAttemptContext context) throws IOException {
    return new PartsReader();
  }
}
