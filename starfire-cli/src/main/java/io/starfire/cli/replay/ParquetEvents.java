package io.starfire.cli.replay;

import io.starfire.batch.input.ParquetRows;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.event.SourceSettings.Format;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.conf.Configuration;

/** The rows of a flat Parquet file. */
final class ParquetEvents implements EventFile {
  private final ParquetRows rows;
  private final long rowCount;
  private long read;

  /**
   * @param wanted whether a column is sent
   */
  ParquetEvents(Path file, Predicate<String> wanted) {
    String name = file.toUri().toString();
    this.rowCount = ParquetRows.describe(name, new Configuration()).rowCount();
    this.rows = ParquetRows.open(name, wanted, new Configuration());
  }

  static ParquetRows.Description describe(Path file) {
    return ParquetRows.describe(file.toUri().toString(), new Configuration());
  }

  @Override
  public Format format() {
    return Format.PARQUET;
  }

  @Override
  public EventRow next() {
    Map<String, Object> fields = rows.next();
    if (fields == null) {
      return null;
    }
    read++;
    return EventRow.ofFields(fields);
  }

  @Override
  public double fraction() {
    return rowCount == 0 ? 1 : (double) read / rowCount;
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the file cannot be closed: " + IoFailure.reason(e), e);
    }
  }
}
