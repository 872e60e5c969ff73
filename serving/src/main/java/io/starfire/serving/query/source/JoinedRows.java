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

  private static final class LeftLongs implements LongColumn {
    private final LongColumn column;
    private final int[] rows;

    LeftLongs(LongColumn column, int[] rows) {
      this.column = column;
      this.rows = rows;
    }

    @Override
    public boolean hasNulls() {
      return column.hasNulls();
    }

    @Override
    public void read(int from, int count, long[] out) {
      long[] read = new long[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.read(f, c, read), (r, o) -> out[o] = read[r]);
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      boolean[] read = new boolean[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.readNulls(f, c, read), (r, o) -> out[o] = read[r]);
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

  private static final class LeftDoubles implements DoubleColumn {
    private final DoubleColumn column;
    private final int[] rows;

    LeftDoubles(DoubleColumn column, int[] rows) {
      this.column = column;
      this.rows = rows;
    }

    @Override
    public boolean hasNulls() {
      return column.hasNulls();
    }

    @Override
    public void read(int from, int count, double[] out) {
      double[] read = new double[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.read(f, c, read), (r, o) -> out[o] = read[r]);
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      boolean[] read = new boolean[BLOCK_ROWS];
      gather(rows, from, count, (f, c) -> column.readNulls(f, c, read), (r, o) -> out[o] = read[r]);
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

  private static final class RightLongs implements LongColumn {
    private final MemoryColumn.Longs column;
    private final int[] rows;

    RightLongs(MemoryColumn.Longs column, int[] rows) {
      this.column = column;
      this.rows = rows;
    }

    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, long[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE ? 0 : column.at(row);
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE || column.isNull(row);
      }
    }
  }

  private static final class RightDoubles implements DoubleColumn {
    private final MemoryColumn.Doubles column;
    private final int[] rows;

    RightDoubles(MemoryColumn.Doubles column, int[] rows) {
      this.column = column;
      this.rows = rows;
    }

    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE ? 0 : column.at(row);
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      for (int i = 0; i < count; i++) {
        int row = rows[from + i];
        out[i] = row == NONE || column.isNull(row);
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
