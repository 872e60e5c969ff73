package io.starfire.segment.column;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.roaringbitmap.ImmutableBitmapDataProvider;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * Strings, stored as ids of a dictionary. Ids run from 0 to {@link #cardinality()} - 1, inclusive.
 * In segments and persisted pieces they are in the order of the values' UTF-8 bytes, and null, if
 * it occurs, has id 0. In a live row set they are in the order of arrival.
 */
public non-sealed interface StringColumn extends Column {
  /** Number of distinct values, null included if it occurs. */
  int cardinality();

  /** The value of an id; null for the id of null. */
  String value(int id);

  /** The value of an id as UTF-8; null for the id of null. */
  default byte[] utf8(int id) {
    String value = value(id);
    return value == null ? null : value.getBytes(StandardCharsets.UTF_8);
  }

  /** The id of a value, which may be null; negative if it does not occur. */
  int idOf(String value);

  /** Whether ids are ordered by value (UTF-8 bytes, null first). */
  boolean sorted();

  /** Whether some row has more than one value. If so, only {@link #readValues} may be used. */
  boolean multiValued();

  /** Reads the ids of rows {@code [from, from + count)} into {@code out[0..count)}. */
  void readIds(int from, int count, int[] out);

  /**
   * The ids of one row. A row without values has the one id of null.
   *
   * @return a fresh array
   */
  int[] readValues(int row);

  /** The rows that hold an id; null if this row set has no index of rows. */
  ImmutableBitmapDataProvider rowsOf(int id);

  /**
   * The rows that hold any of some ids; null if this row set has no index of rows. For many ids it
   * is much cheaper than joining the rows of each.
   *
   * @return a bitmap that the caller may change
   */
  default RoaringBitmap rowsOfAny(BitSet ids) {
    RoaringBitmap found = new RoaringBitmap();
    for (int id = ids.nextSetBit(0); id >= 0; id = ids.nextSetBit(id + 1)) {
      ImmutableBitmapDataProvider rows = rowsOf(id);
      if (rows == null) {
        return null;
      }
      rows.forEach((IntConsumer) found::add);
    }
    return found;
  }

  /**
   * Reads for ids {@code [firstId, firstId + count)} how many rows hold each.
   *
   * @return false if that is not known without reading the rows; nothing is then read
   */
  default boolean readRowCounts(int firstId, int count, int[] out) {
    return false;
  }

  /** The values in the order of ids; only of a column that is {@link #sorted}. */
  default ValueCursor values() {
    return new ValueCursor.OfColumn(this, cardinality() > 0 && utf8(0) == null ? 1 : 0);
  }

  /** Whether the texts are JSON values: nested ones, and scalars. */
  default boolean isJson() {
    return false;
  }

  /** The smallest and largest id of each block; null if they are not known. */
  default BlockSummaries summaries() {
    return null;
  }
}
