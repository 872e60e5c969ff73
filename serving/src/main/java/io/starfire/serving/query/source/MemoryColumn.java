package io.starfire.serving.query.source;

import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.partial.TextDictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/** One column of rows in memory. Not thread-safe while values are added; then thread-safe. */
sealed interface MemoryColumn {
  /** The column as queries read it. */
  Column column();

  /** Adds the value of the next row: null, or one of the column's type. */
  void add(@Nullable Object value);

  /** Memory that is held. */
  long bytes();

  static MemoryColumn of(DataSource.Inline.Column column) {
    if (column.type() == ColumnType.LONG) {
      return new Longs();
    }
    if (column.type() == ColumnType.DOUBLE) {
      return new Doubles();
    }
    if (column.type() == ColumnType.STRING) {
      return new Texts();
    }
    throw QueryChecks.unsupported(
        "the column '%s' is of type %s, which can neither be joined nor be read by an outer query",
        column.name(), column.type());
  }

  /** Numbers, which some rows may not have. */
  abstract sealed class Numbers implements MemoryColumn {
    private boolean[] nulls = new boolean[16];
    private boolean hasNulls;
    private int size;

    /** Makes room for so many values. */
    abstract void grow(int capacity);

    /** Sets the value of a row, which is 0 until then. */
    abstract void set(int row, Object value);

    @Override
    public final void add(@Nullable Object value) {
      if (size == nulls.length) {
        nulls = Arrays.copyOf(nulls, 2 * size);
        grow(nulls.length);
      }
      hasNulls |= value == null;
      nulls[size] = value == null;
      if (value != null) {
        set(size, value);
      }
      size++;
    }

    @Override
    public final long bytes() {
      return 9L * nulls.length;
    }

    public final boolean hasNulls() {
      return hasNulls;
    }

    final boolean isNull(int row) {
      return nulls[row];
    }

    public final void readNulls(int from, int count, boolean[] out) {
      System.arraycopy(nulls, from, out, 0, count);
    }

    /** So many rows at once, all of them 0. */
    final void addZeros(int count) {
      nulls = new boolean[count];
      grow(count);
      size = count;
    }
  }

  /** Whole numbers. */
  final class Longs extends Numbers implements LongColumn {
    private long[] values = new long[16];

    /** A column of so many zeros. */
    static Longs zeros(int count) {
      Longs zeros = new Longs();
      zeros.addZeros(count);
      return zeros;
    }

    @Override
    public Column column() {
      return this;
    }

    @Override
    void grow(int capacity) {
      values = Arrays.copyOf(values, capacity);
    }

    @Override
    void set(int row, Object value) {
      values[row] = (Long) value;
    }

    long at(int row) {
      return values[row];
    }

    @Override
    public void read(int from, int count, long[] out) {
      System.arraycopy(values, from, out, 0, count);
    }
  }

  /** Floating-point numbers. */
  final class Doubles extends Numbers implements DoubleColumn {
    private double[] values = new double[16];

    @Override
    public Column column() {
      return this;
    }

    @Override
    void grow(int capacity) {
      values = Arrays.copyOf(values, capacity);
    }

    @Override
    void set(int row, Object value) {
      values[row] = (Double) value;
    }

    double at(int row) {
      return values[row];
    }

    @Override
    public void read(int from, int count, double[] out) {
      System.arraycopy(values, from, out, 0, count);
    }
  }

  /**
   * Texts, one or several in a row, as ids of a dictionary in order of arrival. The id of null is
   * 0, whether it occurs or not.
   */
  final class Texts implements MemoryColumn, StringColumn {
    private static final long BYTES_OF_SEVERAL = 48;

    private final TextDictionary dictionary = new TextDictionary();

    /** Of each row its id, or below 0 the number of its values among {@code several}. */
    private int[] ids = new int[16];

    private final List<int[]> several = new ArrayList<>();
    private long bytesOfSeveral;
    private int size;

    Texts() {
      // Its table is made now, since several threads may look for texts in it later.
      int unused = dictionary.idOf("");
    }

    @Override
    public Column column() {
      return this;
    }

    @Override
    public void add(@Nullable Object value) {
      if (size == ids.length) {
        ids = Arrays.copyOf(ids, 2 * size);
      }
      if (!(value instanceof List<?> list)) {
        ids[size++] = dictionary.add(value);
      } else if (list.size() < 2) {
        ids[size++] = list.isEmpty() ? 0 : dictionary.add(list.get(0));
      } else {
        ids[size++] = -1 - several.size();
        several.add(list.stream().mapToInt(dictionary::add).toArray());
        bytesOfSeveral += BYTES_OF_SEVERAL + (long) Integer.BYTES * list.size();
      }
    }

    @Override
    public long bytes() {
      return dictionary.bytes() + (long) Integer.BYTES * ids.length + bytesOfSeveral;
    }

    /** The one id of a row. */
    int idAt(int row) {
      return ids[row];
    }

    @Override
    public int cardinality() {
      return dictionary.size();
    }

    @Override
    public @Nullable String value(int id) {
      return dictionary.value(id);
    }

    @Override
    public int idOf(@Nullable String value) {
      return dictionary.idOf(value);
    }

    @Override
    public boolean sorted() {
      return false;
    }

    @Override
    public boolean multiValued() {
      return !several.isEmpty();
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      System.arraycopy(ids, from, out, 0, count);
    }

    @Override
    public int[] readValues(int row) {
      int id = ids[row];
      return id < 0 ? several.get(-1 - id).clone() : new int[] {id};
    }

    @Override
    public @Nullable ImmutableBitmapDataProvider rowsOf(int id) {
      return null;
    }
  }
}
