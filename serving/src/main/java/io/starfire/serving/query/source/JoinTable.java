package io.starfire.serving.query.source;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.DoubleOrder;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The right side of a join: its rows, and which of them have a key. The values of each column of
 * the key are numbered; two numbers make a pair, which is numbered too, and so on. Thread-safe.
 */
public final class JoinTable {
  private static final int ROWS_BETWEEN_CHECKS = 1 << 14;

  private final MemoryRows rows;
  private final List<Part> parts = new ArrayList<>();

  /** Of the key with each number, where its rows begin among {@code rowsOfKeys}; and the end. */
  private final int[] starts;

  private final int[] rowsOfKeys;

  /** One column of the key. */
  private static final class Part {
    private final MemoryColumn column;

    /** The numbers of the column's values; that of a text is its id. */
    private final LongIds values = new LongIds();

    /** The numbers of pairs of what the parts before this have, and this; of the first none. */
    private final LongIds pairs = new LongIds();

    Part(MemoryColumn column) {
      this.column = column;
    }
  }

  /**
   * @param rows stay open for as long as this is used; their account has what this needs
   * @param keys the columns of the key; none if each row fits each
   */
  public JoinTable(MemoryRows rows, List<DataSource.Join.Key> keys, QueryControl control) {
    this.rows = rows;
    for (DataSource.Join.Key key : keys) {
      if (rows.signature().stream().noneMatch(column -> column.name().equals(key.right()))) {
        throw QueryChecks.invalid(
            "the condition of a join names the column '%s' of the right side, whose columns are %s",
            key.right(),
            String.join(
                ", ", rows.signature().stream().map(DataSource.Inline.Column::name).toList()));
      }
      MemoryColumn column = rows.required(key.right());
      if (column instanceof StringColumn texts && texts.multiValued()) {
        throw QueryChecks.unsupported(
            "a join by the column '%s' of the right side, which has several values in a row, is not"
                + " supported",
            key.right());
      }
      parts.add(new Part(column));
    }
    control.reserveForRows(4L * Integer.BYTES * (rows.rowCount() + 1));
    int[] keysOfRows = new int[rows.rowCount()];
    for (int row = 0; row < keysOfRows.length; row++) {
      if (row % ROWS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      keysOfRows[row] = numbered(row, control);
    }
    int count = Arrays.stream(keysOfRows).max().orElse(-1) + 1;
    this.starts = new int[count + 1];
    for (int key : keysOfRows) {
      if (key >= 0) {
        starts[key + 1]++;
      }
    }
    for (int key = 0; key < count; key++) {
      starts[key + 1] += starts[key];
    }
    this.rowsOfKeys = new int[starts[count]];
    int[] next = starts.clone();
    for (int row = 0; row < keysOfRows.length; row++) {
      if (keysOfRows[row] >= 0) {
        rowsOfKeys[next[keysOfRows[row]]++] = row;
      }
    }
  }

  /** The number of a row's key; below 0 if a part of it is null. */
  private int numbered(int row, QueryControl control) {
    int key = 0;
    for (int p = 0; p < parts.size(); p++) {
      Part part = parts.get(p);
      if (isNull(part.column, row)) {
        return -1;
      }
      long before = part.values.bytes() + part.pairs.bytes();
      int value = part.values.add(bits(part.column, row));
      key = p == 0 ? value : part.pairs.add(pair(key, value));
      long grown = part.values.bytes() + part.pairs.bytes() - before;
      if (grown > 0) {
        control.reserveForRows(grown);
      }
    }
    return key;
  }

  private static boolean isNull(MemoryColumn column, int row) {
    if (column instanceof MemoryColumn.Texts texts) {
      return texts.idAt(row) == 0;
    }
    return ((MemoryColumn.Numbers) column).isNull(row);
  }

  private static long bits(MemoryColumn column, int row) {
    if (column instanceof MemoryColumn.Texts texts) {
      return texts.idAt(row);
    }
    return column instanceof MemoryColumn.Longs longs
        ? longs.at(row)
        : bits(((MemoryColumn.Doubles) column).at(row));
  }

  /** The two zeros are equal, and all NaNs are. */
  static long bits(double value) {
    return DoubleOrder.toSortable(Double.doubleToLongBits(value + 0.0));
  }

  private static long pair(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  MemoryRows rows() {
    return rows;
  }

  int keyCount() {
    return parts.size();
  }

  /** The type of a column of the key. */
  ColumnType type(int part) {
    MemoryColumn column = parts.get(part).column;
    if (column instanceof MemoryColumn.Texts) {
      return ColumnType.STRING;
    }
    return column instanceof MemoryColumn.Longs ? ColumnType.LONG : ColumnType.DOUBLE;
  }

  /** The number of a value of a part of the key, given by its bits; below 0 if no row has it. */
  int valueOf(int part, long bits) {
    return parts.get(part).values.find(bits);
  }

  /** The same of a text; null is no value. */
  int valueOf(int part, @Nullable String text) {
    if (text == null) {
      return -1;
    }
    int id = ((MemoryColumn.Texts) parts.get(part).column).idOf(text);
    return id < 0 ? -1 : valueOf(part, id);
  }

  /** The number of the key with more parts; below 0 if there is none. */
  int join(int part, int keyBefore, int value) {
    if (keyBefore < 0 || value < 0) {
      return -1;
    }
    return part == 0 ? value : parts.get(part).pairs.find(pair(keyBefore, value));
  }

  /** Where the rows of a key begin, for {@link #rowAt}. */
  int start(int key) {
    return starts[key];
  }

  int end(int key) {
    return starts[key + 1];
  }

  int rowAt(int place) {
    return rowsOfKeys[place];
  }

  /** How many keys there are. */
  int size() {
    return starts.length - 1;
  }
}
