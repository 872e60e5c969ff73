package io.starfire.serving.query.filter;

import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.compute.ComputedText;
import io.starfire.serving.query.model.Filter;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/** The rows that a filter matches, from the bitmap indexes of the columns. */
final class FilterIndex {
  /** A value that more than one row of so many holds has a bitmap, whose size is a part of that. */
  private static final int ROWS_OF_BITMAP = 64;

  /** Values whose rows are put together, where it is not known how many rows they have. */
  private static final int MAX_VALUES = 1024;

  private final RowSet rows;
  private final FilterCompiler filters;

  /** How many rows would be looked at without an index. */
  private final long scanned;

  FilterIndex(FilterCompiler filters, long scanned) {
    this.rows = filters.rows();
    this.filters = filters;
    this.scanned = scanned;
  }

  /**
   * Answers from indexes alone.
   *
   * @param withUnknown as in {@link RowMatcher#match}
   * @return the rows, or null if an index is missing or would not pay
   */
  @Nullable RoaringBitmap match(Filter filter, boolean withUnknown) {
    if (filter instanceof Filter.And and) {
      return several(and.fields(), true, withUnknown);
    }
    if (filter instanceof Filter.Or or) {
      return several(or.fields(), false, withUnknown);
    }
    if (filter instanceof Filter.Not not) {
      RoaringBitmap found = match(not.field(), !withUnknown);
      return found == null ? null : RoaringBitmap.flip(found, 0L, rows.rowCount());
    }
    if (filter instanceof Filter.Is is) {
      RoaringBitmap found = match(is.field(), !is.value());
      return found == null || is.value() ? found : RoaringBitmap.flip(found, 0L, rows.rowCount());
    }
    if (filter instanceof Filter.Constant constant) {
      RoaringBitmap all = new RoaringBitmap();
      all.add(0L, constant.value() ? rows.rowCount() : 0L);
      return all;
    }
    return filter instanceof Filter.ColumnComparison ? null : oneColumn(filter, withUnknown);
  }

  private @Nullable RoaringBitmap several(
      Iterable<Filter> fields, boolean all, boolean withUnknown) {
    RoaringBitmap result = null;
    for (Filter field : fields) {
      RoaringBitmap next = match(field, withUnknown);
      if (next == null) {
        return null;
      }
      if (result == null) {
        result = next;
      } else if (all) {
        result.and(next);
      } else {
        result.or(next);
      }
    }
    return result;
  }

  private @Nullable RoaringBitmap oneColumn(Filter filter, boolean withUnknown) {
    if (!(filters.column(filter) instanceof StringColumn column)
        || column instanceof ComputedText) {
      return null;
    }
    BitSet ids = filters.verdicts(column, filter).ids(withUnknown);
    return pays(column, ids) ? column.rowsOfAny(ids) : null;
  }

  /**
   * Whether the rows that hold any of the ids are put together sooner than rows are looked at. To
   * take a row from the postings of its id costs about as much as to look at one; bitmaps are put
   * together many rows at a time.
   */
  private boolean pays(StringColumn column, BitSet ids) {
    int[] counts = new int[RowSet.BLOCK_ROWS];
    int ofBitmap = Math.max(1, rows.rowCount() / ROWS_OF_BITMAP);
    long cost = 0;
    int id = ids.nextSetBit(0);
    while (id >= 0 && cost <= scanned) {
      int count = Math.min(counts.length, column.cardinality() - id);
      if (!column.readRowCounts(id, count, counts)) {
        return ids.cardinality() <= MAX_VALUES;
      }
      int first = id;
      for (; id >= 0 && id < first + count; id = ids.nextSetBit(id + 1)) {
        cost += Math.min(counts[id - first], ofBitmap);
      }
    }
    return cost <= scanned;
  }
}
