package io.starfire.serving.query.source;

import io.starfire.common.Interval;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a row set, each with a row of a table in memory or with nulls, in the order of the row
 * set. It holds numbers of rows; columns are read where they are. Immutable and thread-safe as the
 * row set is; closing it gives its memory back, and leaves both sides open.
 */
public final class JoinedRows implements RowSet {
  /** In place of the number of a right row: there is none. */
  static final int NONE = -1;

  private final RowSet left;
  private final int[] leftRows;
  private final MemoryRows right;
  private final int[] rightRows;
  private final int rowCount;
  private final String prefix;
  private final QueryControl control;
  private final Map<String, Column> rightColumns = new HashMap<>();

  /**
   * @param leftRows never going down
   * @param rightRows each a row's number or {@link #NONE}
   * @param rowCount how many of both count
   * @param control on whose account both arrays are
   */
  JoinedRows(
      RowSet left,
      int[] leftRows,
      MemoryRows right,
      int[] rightRows,
      int rowCount,
      String prefix,
      QueryControl control) {
    this.left = left;
    this.leftRows = leftRows;
    this.right = right;
    this.rightRows = rightRows;
    this.rowCount = rowCount;
    this.prefix = prefix;
    this.control = control;
    right
        .signature()
        .forEach(
            one -> rightColumns.put(prefix + one.name(), rightColumn(right.required(one.name()))));
  }

  private Column rightColumn(MemoryColumn column) {
    if (column instanceof MemoryColumn.Longs longs) {
      return new RightLongs(longs, rightRows);
    }
    return column instanceof MemoryColumn.Doubles doubles
        ? new RightDoubles(doubles, rightRows)
        : new RightTexts((MemoryColumn.Texts) column, rightRows);
  }

  @Override
  public int rowCount() {
    return rowCount;
  }

  @Override
  public Interval timeRange() {
    return left.timeRange();
  }

  @Override
  public boolean sortedByTime() {
    return left.sortedByTime();
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(left.columnNames());
    names.removeIf(rightColumns::containsKey);
    right.signature().forEach(column -> names.add(prefix + column.name()));
    return names;
  }

  @Override
  public LongColumn time() {
    return new LeftLongs(left.time(), leftRows);
  }

  @Override
  public @Nullable Column column(String name) {
    Column ofRight = rightColumns.get(name);
    if (ofRight != null) {
      return ofRight;
    }
    Column column = left.column(name);
    if (column instanceof LongColumn longs) {
      return new LeftLongs(longs, leftRows);
    }
    if (column instanceof DoubleColumn doubles) {
      return new LeftDoubles(doubles, leftRows);
    }
    return column instanceof StringColumn texts ? new LeftTexts(texts, leftRows) : null;
  }

  @Override
  public void close() {
    control.releaseAll();
  }

  /** Reads a block of a side's rows. */
  private interface Reader {
    void read(int from, int count);
  }

  /** Takes the value at a place of what was read into a place of the block that is asked for. */
  private interface Taker {
    void take(int read, int out);
  }

  /**
   * Goes through rows {@code [from, from + count)}, whose left rows go up: those that lie close to
   * each other are read at once.
   */
  private static void gather(int[] rows, int from, int count, Reader reader, Taker taker) {
    int at = 0;
    while (at < count) {
      int first = rows[from + at];
      int end = at + 1;
      while (end < count && rows[from + end] - first < BLOCK_ROWS) {
        end++;
      }
      reader.read(first, rows[from + end - 1] - first + 1);
      for (; at < end; at++) {
        taker.take(rows[from + at] - first, at);
      }
    }
  }

  /** Which rows of the left side have no number. */
  abstract static class LeftNumbers {
    private final boolean hasNulls;
    private final NullReader nulls;
    final int[] rows;

    /** Reads for a block of the left side which rows have none. */
    interface NullReader {
      void read(int from, int count, boolean[] out);
    }

    LeftNumbers(boolean hasNulls, NullReader nulls, int[] rows) {
      this.hasNulls = hasNulls;
      this.nulls = nulls;
      this.rows = rows;
    }

    public final boolean hasNulls() {
      return hasNulls;
    }

    public final void readNulls(int from, int count, boolean[] out) {
      boolean[] read = new boolean[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> nulls.read(f, c, read), (r, o) -> out[o] = read[r]);
    }
  }

  private static final class LeftLongs extends LeftNumbers implements LongColumn {
    private final LongColumn column;

    LeftLongs(LongColumn column, int[] rows) {
      super(column.hasNulls(), column::readNulls, rows);
      this.column = column;
    }

    @Override
    public void read(int from, int count, long[] out) {
      long[] read = new long[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.read(f, c, read), (r, o) -> out[o] = read[r]);
    }

    @Override
    public long minValue() {
      return column.minValue();
    }

    @Override
    public long maxValue() {
      return column.maxValue();
    }
  }

  private static final class LeftDoubles extends LeftNumbers implements DoubleColumn {
    private final DoubleColumn column;

    LeftDoubles(DoubleColumn column, int[] rows) {
      super(column.hasNulls(), column::readNulls, rows);
      this.column = column;
    }

    @Override
    public void read(int from, int count, double[] out) {
      double[] read = new double[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.read(f, c, read), (r, o) -> out[o] = read[r]);
    }
  }

  /** The dictionary of the left column; which rows have a value is not indexed. */
  private static final class LeftTexts extends DictionaryView {
    private final StringColumn column;
    private final int[] rows;

    LeftTexts(StringColumn column, int[] rows) {
      super(column);
      this.column = column;
      this.rows = rows;
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      int[] read = new int[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.readIds(f, c, read), (r, o) -> out[o] = read[r]);
    }

    @Override
    public int[] readValues(int row) {
      return column.readValues(rows[row]);
    }
  }

  /** Which rows have no number of the right side, since they met no row of it, or one without. */
  abstract static class RightNumbers {
    private final MemoryColumn.Numbers column;
    final int[] rows;

    RightNumbers(MemoryColumn.Numbers column, int[] rows) {
      this.column = column;
      this.rows = rows;
    }

    public final boolean hasNulls() {
      return true;
    }

    public final void readNulls(int from, int count, boolean[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE || column.isNull(row);
      }
    }
  }

  private static final class RightLongs extends RightNumbers implements LongColumn {
    private final MemoryColumn.Longs column;

    RightLongs(MemoryColumn.Longs column, int[] rows) {
      super(column, rows);
      this.column = column;
    }

    @Override
    public void read(int from, int count, long[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE ? 0 : column.at(row);
      }
    }
  }

  private static final class RightDoubles extends RightNumbers implements DoubleColumn {
    private final MemoryColumn.Doubles column;

    RightDoubles(MemoryColumn.Doubles column, int[] rows) {
      super(column, rows);
      this.column = column;
    }

    @Override
    public void read(int from, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE ? 0 : column.at(row);
      }
    }
  }

  private static final class RightTexts extends DictionaryView {
    private final MemoryColumn.Texts column;
    private final int[] rows;

    RightTexts(MemoryColumn.Texts column, int[] rows) {
      super(column);
      this.column = column;
      this.rows = rows;
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE ? 0 : column.idAt(row);
      }
    }

    @Override
    public int[] readValues(int row) {
      return rows[row] == NONE ? new int[] {0} : column.readValues(rows[row]);
    }
  }
}
