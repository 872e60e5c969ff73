package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.column.ValueCursor;
import org.roaringbitmap.ImmutableBitmapDataProvider;

/** A STRING column of a sorted snapshot; ids are in the order of values. Thread-safe. */
final class SortedStringColumn implements StringColumn {
  private final LiveStringColumn column;
  private final StringRanks ranks;
  private final int[] order;

  SortedStringColumn(LiveStringColumn column, StringRanks ranks, int[] order) {
    this.column = column;
    this.ranks = ranks;
    this.order = order;
  }

  @Override
  public int cardinality() {
    return column.cardinality();
  }

  @Override
  public String value(int id) {
    return column.value(ranks.idAtRank(id));
  }

  @Override
  public byte[] utf8(int id) {
    return column.utf8(ranks.idAtRank(id));
  }

  @Override
  public ValueCursor values() {
    Texts texts = column.texts();
    int first = texts.count > 0 && ranks.idAtRank(0) == texts.nullId ? 1 : 0;
    return new ValueCursor(first) {
      private int next = first;

      @Override
      public boolean next() {
        if (next == texts.count) {
          return false;
        }
        int id = ranks.idAtRank(next++);
        set(texts.bytes, texts.starts[id], texts.starts[id + 1]);
        return true;
      }
    };
  }

  @Override
  public int idOf(String value) {
    int id = column.idOf(value);
    return id < 0 ? id : ranks.rankOfId(id);
  }

  @Override
  public boolean sorted() {
    return true;
  }

  @Override
  public boolean isJson() {
    return column.isJson();
  }

  @Override
  public boolean multiValued() {
    return column.multiValued();
  }

  @Override
  public void readIds(int from, int count, int[] out) {
    Bounds.check(from, count, order.length);
    if (multiValued()) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a multi-valued column must be read by readValues");
    }
    for (int i = 0; i < count; i++) {
      out[i] = ranks.rankOfId(column.code(order[from + i]));
    }
  }

  @Override
  public int[] readValues(int row) {
    Bounds.check(row, 1, order.length);
    int[] ids = column.readValues(order[row]);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = ranks.rankOfId(ids[i]);
    }
    return ids;
  }

  @Override
  public ImmutableBitmapDataProvider rowsOf(int id) {
    return null;
  }
}
