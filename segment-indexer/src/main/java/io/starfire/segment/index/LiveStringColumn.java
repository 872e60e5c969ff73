package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.column.StringColumn;
import java.util.function.ToIntFunction;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/** A STRING column of a snapshot, ids in order of arrival. Immutable to its readers. */
final class LiveStringColumn implements StringColumn, RowColumn {
  private final int rows;
  private final int[] codes;
  private final String[] values;
  private final int cardinality;
  private final int[][] lists;
  private final int listCount;
  private final ToIntFunction<String> finder;

  LiveStringColumn(
      int rows,
      int[] codes,
      String[] values,
      int cardinality,
      int[][] lists,
      int listCount,
      ToIntFunction<String> finder) {
    this.rows = rows;
    this.codes = codes;
    this.values = values;
    this.cardinality = cardinality;
    this.lists = lists;
    this.listCount = listCount;
    this.finder = finder;
  }

  /** The id of the row's one value, or the complement of the number of its list. */
  int code(int row) {
    return codes[row];
  }

  int listCount() {
    return listCount;
  }

  int[] list(int number) {
    return lists[number];
  }

  @Override
  public int cardinality() {
    return cardinality;
  }

  @Override
  public String value(int id) {
    if (id < 0 || id >= cardinality) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "string id must be in [0, %d), got %d".formatted(cardinality, id));
    }
    return values[id];
  }

  @Override
  public int idOf(String value) {
    int id = finder.applyAsInt(value);
    return id < cardinality ? id : -1;
  }

  @Override
  public boolean sorted() {
    return false;
  }

  @Override
  public boolean multiValued() {
    return listCount > 0;
  }

  @Override
  public void readIds(int from, int count, int[] out) {
    Bounds.check(from, count, rows);
    if (multiValued()) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a multi-valued column must be read by readValues");
    }
    System.arraycopy(codes, from, out, 0, count);
  }

  @Override
  public int[] readValues(int row) {
    Bounds.check(row, 1, rows);
    int code = codes[row];
    return code >= 0 ? new int[] {code} : lists[~code].clone();
  }

  @Override
  public ImmutableBitmapDataProvider rowsOf(int id) {
    return null;
  }
}
