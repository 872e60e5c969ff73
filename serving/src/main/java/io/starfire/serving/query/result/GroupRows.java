package io.starfire.serving.query.result;

import io.starfire.common.Interval;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.partial.TextDictionary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/**
 * The groups of a query as a row set, so that a having is a filter like any other. Its time is that
 * of the buckets. Not thread-safe.
 */
final class GroupRows implements RowSet {
  private static final String TIME = "__time";

  private final GroupOutputs groups;

  GroupRows(GroupOutputs groups) {
    this.groups = groups;
  }

  @Override
  public int rowCount() {
    return groups.size();
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
    names.addAll(groups.outputs().names());
    return names;
  }

  @Override
  public LongColumn time() {
    return new Times();
  }

  @Override
  public @Nullable Column column(String name) {
    if (!groups.outputs().has(name)) {
      return name.equals(TIME) ? time() : null;
    }
    OutputColumn output = groups.column(groups.outputs().position(name));
    return switch (groups.outputs().type(name)) {
      case LONG -> new Numbers(output);
      case DOUBLE -> new Reals(output);
      case STRING -> texts(output);
      case COMPLEX -> throw new IllegalStateException("no group is chosen by " + name);
    };
  }

  private StringColumn texts(OutputColumn output) {
    if (output instanceof OutputColumn.OfKey key && key.values() instanceof TextDictionary texts) {
      return new Texts(texts, key.ids());
    }
    TextDictionary texts = new TextDictionary();
    int[] ids = new int[groups.size()];
    Arrays.setAll(ids, group -> texts.add(output.value(group)));
    return new Texts(texts, ids);
  }

  @Override
  public void close() {}

  private static void readNulls(OutputColumn output, int from, int count, boolean[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = output.isNull(from + i);
    }
  }

  private final class Times implements LongColumn {
    @Override
    public boolean hasNulls() {
      return false;
    }

    @Override
    public void read(int from, int count, long[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = groups.timeMillis(from + i);
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      Arrays.fill(out, 0, count, false);
    }
  }

  private record Numbers(OutputColumn output) implements LongColumn {
    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, long[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = output.isNull(from + i) ? 0 : output.longAt(from + i);
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      GroupRows.readNulls(output, from, count, out);
    }
  }

  private record Reals(OutputColumn output) implements DoubleColumn {
    @Override
    public boolean hasNulls() {
      return true;
    }

    @Override
    public void read(int from, int count, double[] out) {
      for (int i = 0; i < count; i++) {
        out[i] = output.isNull(from + i) ? 0 : output.doubleAt(from + i);
      }
    }

    @Override
    public void readNulls(int from, int count, boolean[] out) {
      GroupRows.readNulls(output, from, count, out);
    }
  }

  /** Ids are those of a dictionary, in order of arrival. */
  private static final class Texts implements StringColumn {
    private final TextDictionary values;
    private final int[] ids;

    Texts(TextDictionary values, int[] ids) {
      this.values = values;
      this.ids = ids;
    }

    @Override
    public int cardinality() {
      return values.size();
    }

    @Override
    public @Nullable String value(int id) {
      return values.value(id);
    }

    @Override
    public int idOf(@Nullable String value) {
      return values.idOf(value);
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
      System.arraycopy(ids, from, out, 0, count);
    }

    @Override
    public int[] readValues(int row) {
      return new int[] {ids[row]};
    }

    @Override
    public @Nullable ImmutableBitmapDataProvider rowsOf(int id) {
      return null;
    }
  }
}
