package io.starfire.batch.input;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;

/**
 * The first records of a source.
 *
 * @param records at most as many as were asked for
 * @param scale how many records there are for each of them, about
 */
public record InputSample(List<InputRecord> records, double scale) {
  /** What text becomes when it is no longer compressed, about. */
  private static final double GZIP = 5;

  /** Reads from the first files of a source. */
  public static InputSample of(
      RunInputs inputs, int source, int most, Configuration configuration) {
    List<InputPart> parts = inputs.parts().get(source);
    List<InputRecord> records = new ArrayList<>();
    try (PartsReader reader = new PartsReader()) {
      reader.initialize(
          new PartsSplit(parts), new TaskAttemptContextImpl(configuration, new TaskAttemptID()));
      while (records.size() < most && reader.nextKeyValue()) {
        records.add(reader.getCurrentKey());
      }
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the input cannot be read: " + HadoopFaults.firstLine(e), e);
    }
    return new InputSample(
        records,
        records.isEmpty() ? 0 : total(parts, records, inputs, configuration) / records.size());
  }

  private static double total(
      List<InputPart> parts,
      List<InputRecord> records,
      RunInputs inputs,
      Configuration configuration) {
    double lineBytes =
        records.stream()
            .map(InputRecord::value)
            .filter(Objects::nonNull)
            .mapToInt(value -> value.length + 1)
            .average()
            .orElse(1);
    double total = 0;
    for (InputPart part : parts) {
      total +=
          switch (part.kind()) {
            case ARCHIVE -> inputs.entries().get(part.file()).rows();
            case PARQUET -> ParquetRows.describe(part.file(), configuration).rowCount();
            default -> part.length() * (part.file().endsWith(".gz") ? GZIP : 1) / lineBytes;
          };
    }
    // A small input is read as a whole.
    return Math.max(total, records.size());
  }
}
