package io.starfire.serving.query.result;

import io.starfire.common.Interval;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.Outputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/**
 * The groups of a query as a row set, so that a having is a filter like any other. Its time is that
 * of the buckets. Not thread-safe.
 */
final class GroupRows implements RowSet {
  private static final String TIME = "__time";

  private final List<ResultRow> rows;
  private final Outputs outputs;

  GroupRows(List<ResultRow> rows, Outputs outputs) {
    this.rows = rows;
    this.outputs = outputs;
  }

  @Override
  public int rowCount() {
    return rows.size();
  }

  @Override
  public Interval timeRange() {
    return Interval.ETERNITY;
  }

  @Override
  public boolean sortedByTime() {
    return false;
  }

  @Override
  public List<String> columnNames() {
    List<String> names = new ArrayList<>(List.of(TIME));
    names.addAll(outputs.names());
    return names;
  }

  @Override
  public LongColumn time() {
    return new Numbers(-1);
  }

  @Override
  public @Nullable Column column(String name) {
    if (!outputs.has(name)) {
      return name.equals(TIME) ? time() : null;
    }
    int position = outputs.position(name);
    return switch (outputs.type(name)) {
      case LONG -> new Numbers(position);
      case DOUBLE -> new Reals(position);
      case STRING -> new Texts(position);
    };
  }

  @Override
  public void close() {}

  private @Nullable Object value(int row, int position) {
    return position < 0 ? rows.get(row).timeMillis() : rows.get(row).values().get(position);
  }

  private void readNulls(int from, int count, int position, boolean[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = value(from + i, position) == null;
    }
  }

  private final class Numbers implements LongColumn {
    private final int position;

    Numbers(int position) {
      this.position = position;
    }

    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, long[] out) {
      for (int i = 0; i < count; i++) {
        Object value = value(from + i, position);
        out[i] = value == null ? 0 : (Long) value;
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      GroupRows.this.readNulls(from, count, position, out);
    }
  }

  private final class Reals implements DoubleColumn {
    private final int position;

    Reals(int position) {
      this.position = position;
    }

    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        Object value = value(from + i, position);
        out[i] = value == null ? 0 : (Double) value;
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      GroupRows.this.readNulls(from, count, position, out);
    }
  }

  /** Ids are in order of appearance. */
  private final class Texts implements StringColumn {
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> values = new ArrayList<>();
    private final int[] idOfRow = new int[rows.size()];

    Texts(int position) {
      for (int row = 0; row < idOfRow.length; row++) {
        String value = (String) GroupRows.this.value(row, position);
        Integer known = ids.putIfAbsent(value, values.size());
        idOfRow[row] = known == null ? values.size() : known;
        if (known == null) {
          values.add(value);
        }
      }
    }

    @Override
    public int cardinality() {
      return values.size();
    }

    @Override
    public String value(int id) {
      return values.get(id);
    }

    @Override
    public int idOf(String value) {
      return ids.getOrDefault(value, -1);
    }

    @Override
    public boolean sorted() {
      return false;
    }

    @Override
    public boolean multiValued() {
      return false;
    }

    @Override
    public void readIds(int from, int count, int[] out) {
      System.arraycopy(idOfRow, from, out, 0, count);
    }

    @Override
    public int[] readValues(int row) {
      return new int[] {idOfRow[row]};
    }

    @Override
    public @Nullable ImmutableBitmapDataProvider rowsOf(int id) {
      return null;
    }
  }
}
