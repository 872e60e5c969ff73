package io.starfire.serving.query.compute;

import static java.util.Objects.requireNonNull;

import io.starfire.common.Utf8Order;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.ImmutableBitmapDataProvider;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Texts that are made once of each value of a column's dictionary. Its own dictionary is sorted,
 * and it has bitmaps if the column has. Immutable.
 */
final class MappedText implements StringColumn {
  /** In the map of ids: a value that rows lose. */
  private static final int DROPPED = -1;

  /** Values beyond which bitmaps are not joined. */
  private static final int MAX_INDEXED = 16_384;

  private static final Comparator<@Nullable String> ORDER =
      Comparator.nullsFirst(Utf8Order.COMPARATOR);

  private final StringColumn column;

  /** The own id of each id of the column. */
  private final int[] idOf;

  private final @Nullable String[] values;

  private final boolean json;

  /** Where the sources of each own id begin, and at the end where they end. */
  private final int[] sourcesFrom;

  /** The column's ids by own id; null if bitmaps are missing or joining them would not pay. */
  private final int @Nullable [] sources;

  private MappedText(StringColumn column, boolean json, int[] idOf, @Nullable String[] values) {
    this.column = column;
    this.json = json;
    this.idOf = idOf;
    this.values = values;
    this.sourcesFrom = new int[values.length + 1];
    this.sources = sources();
  }

  /**
   * With what a program makes of each value.
   *
   * @param json whether that is JSON
   */
  static MappedText of(StringColumn column, Program program, boolean json, QueryControl control) {
    int cardinality = column.cardinality();
    control.reserveForExpressions(8L * cardinality);
    @Nullable String[] made = new String[cardinality];
    Map<@Nullable String, Integer> distinct = new HashMap<>();
    for (int from = 0; from < cardinality; from += RowSet.BLOCK_ROWS) {
      int count = Math.min(RowSet.BLOCK_ROWS, cardinality - from);
      Node block = program.run(from, count);
      for (int i = 0; i < count; i++) {
        made[from + i] = block.nulls[i] ? null : ComputedText.wellFormed(block.text(i));
        if (distinct.putIfAbsent(made[from + i], 0) == null) {
          control.reserveForExpressions(ComputedText.bytes(made[from + i]));
        }
      }
    }
    return of(column, json, made, new boolean[cardinality], distinct);
  }

  /** With those values only that are chosen; a row without one is null. */
  static MappedText filtered(StringColumn column, ValueChoice choice, QueryControl control) {
    int cardinality = column.cardinality();
    control.reserveForExpressions(8L * cardinality);
    @Nullable String[] kept = new String[cardinality];
    boolean[] dropped = new boolean[cardinality];
    Map<@Nullable String, Integer> distinct = new HashMap<>();
    distinct.put(null, 0);
    for (int id = 0; id < cardinality; id++) {
      if (id % RowSet.BLOCK_ROWS == 0) {
        control.check();
      }
      String value = column.value(id);
      dropped[id] = value == null || !choice.keeps(value);
      if (!dropped[id]) {
        kept[id] = value;
        distinct.put(value, 0);
      }
    }
    return of(column, false, kept, dropped, distinct);
  }

  private static MappedText of(
      StringColumn column,
      boolean json,
      @Nullable String[] made,
      boolean[] dropped,
      Map<@Nullable String, Integer> distinct) {
    Map<@Nullable String, Integer> sorted = new TreeMap<>(ORDER);
    sorted.putAll(distinct);
    @Nullable String[] values = new String[sorted.size()];
    int next = 0;
    for (Map.Entry<@Nullable String, Integer> one : sorted.entrySet()) {
      values[next] = one.getKey();
      distinct.put(one.getKey(), next++);
    }
    int[] idOf = new int[made.length];
    for (int id = 0; id < idOf.length; id++) {
      idOf[id] =
          dropped[id] ? DROPPED : requireNonNull(distinct.get(made[id]), "each text was counted");
    }
    return new MappedText(column, json, idOf, values);
  }

  @Override
  public int cardinality() {
    return values.length;
  }

  @Override
  public @Nullable String value(int id) {
    return values[id];
  }

  @Override
  public int idOf(@Nullable String value) {
    return Arrays.binarySearch(values, value, ORDER);
  }

  @Override
  public boolean sorted() {
    return true;
  }

  @Override
  public boolean isJson() {
    return json;
  }

  @Override
  public boolean multiValued() {
    return column.multiValued();
  }

  @Override
  public void readIds(int from, int count, int[] out) {
    column.readIds(from, count, out);
    for (int i = 0; i < count; i++) {
      out[i] = idOf[out[i]];
    }
  }

  @Override
  public int[] readValues(int row) {
    int[] found = column.readValues(row);
    int kept = 0;
    for (int id : found) {
      found[kept] = idOf[id];
      kept += idOf[id] == DROPPED ? 0 : 1;
    }
    // The id of null is the first.
    return kept == 0 ? new int[] {0} : Arrays.copyOf(found, kept);
  }

  @Override
  public @Nullable ImmutableBitmapDataProvider rowsOf(int id) {
    if (sources == null) {
      return null;
    }
    RoaringBitmap rows = new RoaringBitmap();
    for (int i = sourcesFrom[id]; i < sourcesFrom[id + 1]; i++) {
      column.rowsOf(sources[i]).forEach((IntConsumer) rows::add);
    }
    return rows;
  }

  /** Puts the ids of the column in the order of the own ids that they have. */
  private int @Nullable [] sources() {
    boolean indexed =
        idOf.length > 0
            && idOf.length <= MAX_INDEXED
            && column.rowsOf(0) != null
            && Arrays.stream(idOf).noneMatch(id -> id == DROPPED);
    if (!indexed) {
      return null;
    }
    for (int id : idOf) {
      sourcesFrom[id + 1]++;
    }
    for (int id = 0; id < values.length; id++) {
      sourcesFrom[id + 1] += sourcesFrom[id];
    }
    int[] next = sourcesFrom.clone();
    int[] ordered = new int[idOf.length];
    for (int from = 0; from < idOf.length; from++) {
      ordered[next[idOf[from]]++] = from;
    }
    return ordered;
  }
}
