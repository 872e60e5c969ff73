package io.starfire.serving.http;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Writes the rows of an SQL answer in one of its formats. Used by one thread. */
interface RowWriter {
  /** The names of the columns as the first row, with their types if they are wanted. */
  void header(boolean types, boolean sqlTypes) throws IOException;

  /** One row. */
  void row(@Nullable Object[] values) throws IOException;

  /** What comes after the last row. */
  void end() throws IOException;

  /** The writer of a format. */
  static RowWriter of(ResultFormat format, SqlValues values, OutputStream out) throws IOException {
    return format == ResultFormat.CSV
        ? new CsvRowWriter(values, out)
        : new JsonRowWriter(format, values, out);
  }
}
