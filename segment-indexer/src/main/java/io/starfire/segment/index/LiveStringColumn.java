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
  private final Texts texts;
  private final int[][] lists;
  private final int listCount;
  private final ToIntFunction<String> finder;
  private final boolean json;

  LiveStringColumn(
      boolean json,
      int rows,
      int[] codes,
      Texts texts,
      int[][] lists,
      int listCount,
      ToIntFunction<String> finder) {
    this.json = json;
    this.rows = rows;
    this.codes = codes;
    this.texts = texts;
    this.lists = lists;
    this.listCount = listCount;
    this.finder = finder;
  }

  /** The same texts and lists for other rows. */
  LiveStringColumn withCodes(int newRows, int[] newCodes) {
    return new LiveStringColumn(json, newRows, newCodes, texts, lists, listCount, finder);
  }

  /** The id of the row's one value, or the complement of the number of its list. */
  int code(int row) {
    return codes[row];
  }

  Texts texts() {
    return texts;
  }

  int listCount() {
    return listCount;
  }

  int[] list(int number) {
    return lists[number];
  }

  @Override
  public int cardinality() {
    return texts.count;
  }

  @Override
  public String value(int id) {
    checkId(id);
    return texts.value(id);
  }

  @Override
  public byte[] utf8(int id) {
    checkId(id);
    return texts.utf8(id);
  }

  private void checkId(int id) {
    if (id < 0 || id >= texts.count) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "string id must be in [0, %d), got %d".formatted(texts.count, id));
    }
  }

  @Override
  public int idOf(String value) {
    int id = finder.applyAsInt(value);
    return id < texts.count ? id : -1;
  }

  @Override
  public boolean sorted() {
    return false;
  }

  @Override
  public boolean isJson() {
    return json;
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
