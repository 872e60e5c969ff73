package io.starfire.serving.query.filter;

import io.starfire.serving.query.model.Filter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * How the rows of a filter are found: those that indexes tell, and the filters for which rows are
 * looked at. Immutable.
 *
 * @param rows which nobody changes; null if all have to be looked at
 * @param further what else must be true of a row
 */
record Selection(@Nullable RoaringBitmap rows, List<Filter> further) {
  Selection {
    further = List.copyOf(further);
  }

  /**
   * Decides for each part of a filter. A day of a year is scanned, even if the rows of the year
   * that have a value are known: to put them together takes longer.
   *
   * @param filter null for all rows
   * @param scanned how many rows would be looked at
   */
  static Selection of(FilterCompiler filters, @Nullable Filter filter, long scanned) {
    FilterIndex index = new FilterIndex(filters, scanned);
    RoaringBitmap rows = null;
    List<Filter> further = new ArrayList<>();
    for (Filter part : parts(filter)) {
      RoaringBitmap found = index.match(part, false);
      if (found == null) {
        further.add(part);
      } else if (rows == null) {
        rows = found;
      } else {
        rows.and(found);
      }
    }
    return new Selection(rows, further);
  }

  /** What must all be true; each part may be answered in its own way. */
  private static List<Filter> parts(@Nullable Filter filter) {
    if (filter == null) {
      return List.of();
    }
    return filter instanceof Filter.And and ? and.fields() : List.of(filter);
  }
}
