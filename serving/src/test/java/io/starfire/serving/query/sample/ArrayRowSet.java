package io.starfire.serving.query.sample;

import io.starfire.common.Interval;
import io.starfire.common.Utf8Order;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.roaringbitmap.ImmutableBitmapDataProvider;
import org.roaringbitmap.RoaringBitmap;

/** Rows in plain lists: what a row set means, written as simply as possible. */
public class ArrayRowSet implements RowSet {
  private final List<SampleRow> rows;
  private final Map<String, ColumnType> types;
  private final boolean stored;

  /**
   * @param stored whether to be like a segment (sorted by time, sorted dictionary, bitmaps) or like
   *     live rows
   */
  public ArrayRowSet(List<SampleRow> rows, Map<String, ColumnType> types, boolean stored) {
    this.rows =
        stored
            ? rows.stream().sorted(Comparator.comparingLong(SampleRow::timeMillis)).toList()
            : List.copyOf(rows);
    this.types = types;
    this.stored = stored;
  }

  @Override
  public int rowCount() {
    return rows.size();
  }

  @Override
  public Interval timeRange() {
    long min = rows.stream().mapToLong(SampleRow::timeMillis).min().orElse(0);
    return new Interval(min, rows.stream().mapToLong(r -> r.timeMillis() + 1).max().orElse(0));
  }

  @Override
  public boolean sortedByTime() {
    return stored;
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(List.of("__time"));
    names.addAll(types.keySet());
    return names;
  }

  @Override
  public LongColumn time() {
    return new Longs("__time");
  }

  @Override
  public Column column(String name) {
    if (name.equals("__time")) {
      return time();
    }
    ColumnType type = types.get(name);
    if (type == null) {
      return null;
    }
    return switch (type) {
      case STRING -> new Strings(name);
      case LONG -> new Longs(name);
      case DOUBLE -> new Doubles(name);
      case COMPLEX -> throw new AssertionError("rows in plain lists have no sketches");
    };
  }

  @Override
  public void close() {}

  private final class Longs implements LongColumn {
    private final String name;

    Longs(String name) {
      this.name = name;
    }

    @Override
    public boolean hasNulls() {
      return rows.stream().anyMatch(row -> row.value(name) == null);
    }

    @Override
    public void read(int from, int count, long[] out) {
      for (int i = 0; i < count; i++) {
        Object value = rows.get(from + i).value(name);
        out[i] = value == null ? 0 : (Long) value;
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = rows.get(from + i).value(name) == null;
      }
    }
  }

  private final class Doubles implements DoubleColumn {
    private final String name;

    Doubles(String name) {
      this.name = name;
    }

    @Override
    public boolean hasNulls() {
      return rows.stream().anyMatch(row -> row.value(name) == null);
    }

    @Override
    public void read(int from, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        Object value = rows.get(from + i).value(name);
        out[i] = value == null ? 0 : (Double) value;
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = rows.get(from + i).value(name) == null;
      }
    }
  }

  private final class Strings implements StringColumn {
    private final List<String> dictionary;
    private final String name;

    Strings(String name) {
      this.name = name;
      Set<String> values = new LinkedHashSet<>();
      rows.forEach(row -> values.addAll(row.strings(name)));
      List<String> ordered = new ArrayList<>(values);
      if (stored) {
        ordered.sort(Comparator.nullsFirst(Utf8Order.COMPARATOR));
      }
      this.dictionary = ordered;
    }

    @Override
    public int cardinality() {
      return dictionary.size();
    }

    @Override
    public String value(int id) {
      return dictionary.get(id);
    }

    @Override
    public int idOf(String value) {
      return dictionary.indexOf(value);
    }

    @Override
    public boolean sorted() {
      return stored;
    }

    @Override
    public boolean multiValued() {
      return rows.stream().anyMatch(row -> row.strings(name).size() > 1);
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = idOf(rows.get(from + i).strings(name).get(0));
      }
    }

    @Override
    public int[] readValues(int row) {
      return rows.get(row).strings(name).stream().mapToInt(this::idOf).toArray();
    }

    @Override
    public ImmutableBitmapDataProvider rowsOf(int id) {
      if (!stored) {
        return null;
      }
      RoaringBitmap bitmap = new RoaringBitmap();
      for (int row = 0; row < rows.size(); row++) {
        if (new ArrayList<>(rows.get(row).strings(name)).contains(dictionary.get(id))) {
          bitmap.add(row);
        }
      }
      return bitmap;
    }
  }
}
