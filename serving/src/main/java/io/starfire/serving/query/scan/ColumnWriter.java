package io.starfire.serving.query.scan;

import com.fasterxml.jackson.core.JsonGenerator;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.result.AnswerJson;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the values of one column of one row set as JSON, from a block that is read when it is
 * first needed. Not thread-safe.
 */
abstract class ColumnWriter {
  /** What the arrays of one take, in bytes, at most. */
  static final long BYTES = RowSet.BLOCK_ROWS * 9L + 64;

  private int blockFrom = -1;
  private int blockCount;

  /**
   * Writes the value of row {@code from + i}, reading the block {@code [from, from + count)} if it
   * is not the one that was read last.
   */
  final void write(JsonGenerator json, int from, int count, int i) throws IOException {
    readBlock(from, count);
    write(json, i);
  }

  /** The same value as an object: null, a Long, a Double, a String or a List of Strings. */
  final @Nullable Object value(int from, int count, int i) {
    readBlock(from, count);
    return value(i);
  }

  private void readBlock(int from, int count) {
    if (from != blockFrom || count != blockCount) {
      read(from, count);
      blockFrom = from;
      blockCount = count;
    }
  }

  abstract void read(int from, int count);

  abstract void write(JsonGenerator json, int i) throws IOException;

  abstract @Nullable Object value(int i);

  /**
   * @param column null for one that the row set does not have
   */
  static ColumnWriter of(@Nullable Column column) {
    if (column instanceof LongColumn longs) {
      return new OfLongs(longs);
    }
    if (column instanceof DoubleColumn doubles) {
      return new OfDoubles(doubles);
    }
    if (column instanceof StringColumn strings) {
      return strings.multiValued() ? new OfLists(strings) : new OfStrings(strings);
    }
    return column instanceof BytesColumn bytes ? new OfBytes(bytes) : new OfNothing();
  }

  /** Bytes are written in base 64. */
  private static final class OfBytes extends ColumnWriter {
    private final BytesColumn column;
    private final byte[][] values = new byte[RowSet.BLOCK_ROWS][];

    OfBytes(BytesColumn column) {
      this.column = column;
    }

    @Override
    void read(int from, int count) {
      column.read(from, count, values);
    }

    @Override
    void write(JsonGenerator json, int i) throws IOException {
      if (values[i] == null) {
        json.writeNull();
      } else {
        json.writeBinary(values[i]);
      }
    }

    @Override
    @Nullable Object value(int i) {
      return values[i];
    }
  }

  private static final class OfNothing extends ColumnWriter {
    @Override
    void read(int from, int count) {}

    @Override
    void write(JsonGenerator json, int i) throws IOException {
      json.writeNull();
    }

    @Override
    @Nullable Object value(int i) {
      return null;
    }
  }

  private static final class OfLongs extends ColumnWriter {
    private final LongColumn column;
    private final long[] values = new long[RowSet.BLOCK_ROWS];
    private final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];

    OfLongs(LongColumn column) {
      this.column = column;
    }

    @Override
    void read(int from, int count) {
      column.read(from, count, values);
      if (column.hasNulls()) {
        column.readNulls(from, count, nulls);
      }
    }

    @Override
    void write(JsonGenerator json, int i) throws IOException {
      if (nulls[i]) {
        json.writeNull();
      } else {
        json.writeNumber(values[i]);
      }
    }

    @Override
    @Nullable Object value(int i) {
      return nulls[i] ? null : (Object) values[i];
    }
  }

  private static final class OfDoubles extends ColumnWriter {
    private final DoubleColumn column;
    private final double[] values = new double[RowSet.BLOCK_ROWS];
    private final boolean[] nulls = new boolean[RowSet.BLOCK_ROWS];

    OfDoubles(DoubleColumn column) {
      this.column = column;
    }

    @Override
    void read(int from, int count) {
      column.read(from, count, values);
      if (column.hasNulls()) {
        column.readNulls(from, count, nulls);
      }
    }

    @Override
    void write(JsonGenerator json, int i) throws IOException {
      if (nulls[i]) {
        json.writeNull();
      } else {
        AnswerJson.writeDouble(json, values[i]);
      }
    }

    @Override
    @Nullable Object value(int i) {
      return nulls[i] ? null : (Object) values[i];
    }
  }

  private static final class OfStrings extends ColumnWriter {
    private final StringColumn column;
    private final int[] ids = new int[RowSet.BLOCK_ROWS];

    OfStrings(StringColumn column) {
      this.column = column;
    }

    @Override
    void read(int from, int count) {
      column.readIds(from, count, ids);
    }

    @Override
    void write(JsonGenerator json, int i) throws IOException {
      String value = column.value(ids[i]);
      if (value != null && column.isJson()) {
        AnswerJson.writeJson(json, value);
      } else {
        json.writeString(value);
      }
    }

    @Override
    @Nullable Object value(int i) {
      return column.value(ids[i]);
    }
  }

  /** One value is written as it is, several as an array. */
  private static final class OfLists extends ColumnWriter {
    private final StringColumn column;
    private int from;

    OfLists(StringColumn column) {
      this.column = column;
    }

    @Override
    void read(int blockFrom, int count) {
      from = blockFrom;
    }

    @Override
    void write(JsonGenerator json, int i) throws IOException {
      int[] values = column.readValues(from + i);
      if (values.length == 1) {
        json.writeString(column.value(values[0]));
        return;
      }
      json.writeStartArray();
      for (int value : values) {
        json.writeString(column.value(value));
      }
      json.writeEndArray();
    }

    @Override
    @Nullable Object value(int i) {
      int[] values = column.readValues(from + i);
      return values.length == 1
          ? column.value(values[0])
          : Arrays.stream(values).mapToObj(column::value).toList();
    }
  }
}
