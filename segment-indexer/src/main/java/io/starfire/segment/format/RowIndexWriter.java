package io.starfire.segment.format;

import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import java.util.Arrays;
import org.roaringbitmap.RoaringBitmapWriter;
import org.roaringbitmap.buffer.MutableRoaringBitmap;

/**
 * Builds the index of rows of a column from its written ids: bitmaps for ids of many rows, and
 * postings for the others. Ids are handled in ranges that together occur in a bounded number of
 * rows, with a pass over the column for each range, so that memory does not grow with the rows; a
 * usual segment takes one pass. Not thread-safe.
 */
final class RowIndexWriter {
  private static final int[] NO_ROWS = {};

  /** Rows that are held in memory, 4 bytes each. */
  private final int budget;

  private final ColumnDirectory directory;
  private final Postings.Writer postings;
  private final BitmapPages.Writer bitmaps;
  private final int[] ids = new int[RowSet.BLOCK_ROWS];

  /**
   * @param directory of the column, which gets the index
   */
  RowIndexWriter(int budget, ColumnDirectory directory, SegmentOutput output) {
    this.budget = budget;
    this.directory = directory;
    directory.postings = new Postings(directory.name, directory.cardinality);
    this.postings = new Postings.Writer(directory.postings, output);
    this.bitmaps = new BitmapPages.Writer(directory.bitmaps, output);
  }

  /**
   * @param column whose ids are to be read
   * @param counts how often each id occurs
   */
  void write(StringColumn column, int rows, int[] counts) {
    int first = 0;
    while (first < counts.length) {
      int end = first;
      long values = 0;
      while (end < counts.length && values + counts[end] <= budget) {
        values += counts[end++];
      }
      if (end == first) {
        MutableRoaringBitmap found = rowsOf(column, rows, first);
        int[] listed = found.getCardinality() > most(rows) ? null : found.toArray();
        if (listed == null) {
          add(first, found);
        } else {
          postings.add(listed, 0, listed.length);
        }
        end = first + 1;
      } else {
        writeRange(column, rows, counts, first, end, (int) values);
      }
      first = end;
    }
    postings.finish();
    bitmaps.finish();
    directory.hasIndex = true;
  }

  private void writeRange(
      StringColumn column, int rows, int[] counts, int first, int end, int values) {
    int[] next = new int[end - first];
    for (int i = 1; i < next.length; i++) {
      next[i] = next[i - 1] + counts[first + i - 1];
    }
    int[] starts = next.clone();
    int[] positions = new int[values];
    for (int from = 0; from < rows; from += ids.length) {
      int count = Math.min(ids.length, rows - from);
      if (column.multiValued()) {
        for (int row = from; row < from + count; row++) {
          scatter(distinct(column.readValues(row)), row, first, end, next, positions);
        }
      } else {
        column.readIds(from, count, ids);
        for (int i = 0; i < count; i++) {
          int id = ids[i];
          if (id >= first && id < end) {
            positions[next[id - first]++] = from + i;
          }
        }
      }
    }
    int most = most(rows);
    for (int i = 0; i < next.length; i++) {
      int count = next[i] - starts[i];
      if (count <= most) {
        postings.add(positions, starts[i], count);
      } else {
        MutableRoaringBitmap bitmap = new MutableRoaringBitmap();
        bitmap.addN(positions, starts[i], count);
        add(first + i, bitmap);
      }
    }
  }

  /** The largest number of rows of an id that has no bitmap. */
  private static int most(int rows) {
    return rows / SegmentFormat.ROWS_FOR_A_BITMAP;
  }

  private void add(int id, MutableRoaringBitmap bitmap) {
    directory.postings.addBitmap(id, bitmap.getCardinality());
    postings.add(NO_ROWS, 0, 0);
    bitmaps.add(bitmap);
  }

  private static void scatter(
      int[] rowIds, int row, int first, int end, int[] next, int[] positions) {
    for (int id : rowIds) {
      if (id >= first && id < end) {
        positions[next[id - first]++] = row;
      }
    }
  }

  private static int[] distinct(int[] rowIds) {
    return rowIds.length == 1 ? rowIds : Arrays.stream(rowIds).distinct().toArray();
  }

  /** The rows of an id that occurs more often than the budget allows to list. */
  private MutableRoaringBitmap rowsOf(StringColumn column, int rows, int id) {
    RoaringBitmapWriter<MutableRoaringBitmap> writer =
        RoaringBitmapWriter.bufferWriter().runCompress(true).get();
    for (int from = 0; from < rows; from += ids.length) {
      int count = Math.min(ids.length, rows - from);
      if (!column.multiValued()) {
        column.readIds(from, count, ids);
      }
      for (int i = 0; i < count; i++) {
        boolean holds =
            column.multiValued()
                ? Arrays.stream(column.readValues(from + i)).anyMatch(value -> value == id)
                : ids[i] == id;
        if (holds) {
          writer.add(from + i);
        }
      }
    }
    return writer.get();
  }
}
