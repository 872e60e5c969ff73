package io.starfire.serving.query.aggregate;

import static java.util.Objects.requireNonNull;

import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.QueryChecks;
import org.jspecify.annotations.Nullable;

/**
 * The values of a number column, a block at a time, as the type that an aggregate wants: doubles
 * are cut towards zero for longs. A column that the row set does not have is all null. Not
 * thread-safe.
 */
final class NumberSource {
  // Made when a block is read: of most columns, summaries tell enough, or one of them will do.
  long[] longs = {};
  double[] doubles = {};
  boolean[] nulls = {};
  private int[] presentRows = {};
  private final @Nullable Column column;
  private final @Nullable BlockSummaries summaries;
  private final int rowCount;

  /**
   * One that reads all rows.
   *
   * @param column LongColumn, DoubleColumn, or null if there is none
   */
  NumberSource(@Nullable Column column) {
    this(column, null, 0);
  }

  private NumberSource(@Nullable Column column, @Nullable BlockSummaries summaries, int rowCount) {
    this.column = column;
    this.summaries = summaries;
    this.rowCount = rowCount;
  }

  /**
   * The numbers that an aggregation reads.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if the column is text
   */
  static NumberSource of(Aggregation aggregation, RowSet rows) {
    Column column = rows.column(aggregation.fieldName());
    if (column instanceof StringColumn) {
      throw QueryChecks.invalid(
          "aggregation '%s' of type %s needs numbers, but column '%s' is STRING",
          aggregation.name(), aggregation.kind().jsonName(), aggregation.fieldName());
    }
    if (column instanceof BytesColumn) {
      throw QueryChecks.complex("aggregation '" + aggregation.name() + "'");
    }
    BlockSummaries summaries =
        column instanceof LongColumn whole
            ? whole.summaries()
            : column instanceof DoubleColumn real ? real.summaries() : null;
    return new NumberSource(column, summaries, rows.rowCount());
  }

  boolean isMissing() {
    return column == null;
  }

  boolean hasNulls() {
    return column instanceof LongColumn whole
        ? whole.hasNulls()
        : column instanceof DoubleColumn real && real.hasNulls();
  }

  /**
   * Whether the values are integers over a power of ten, of which any rows of the row set can be
   * added up in 64 bits. They are read by {@link #readScaled} then.
   */
  boolean sumsAreIntegers() {
    return summaries != null && summaries.fits(rowCount);
  }

  /** The power of ten, of sums that are integers. */
  double scale() {
    return (double) BlockSummaries.power(known().scale());
  }

  private BlockSummaries known() {
    return requireNonNull(summaries, "summaries");
  }

  /**
   * The end of the stored block that begins with a row, ends at or before {@code to}, and whose
   * smallest and largest values are known; else -1.
   */
  int endOfKnownBlock(int row, int to) {
    if (summaries == null || row % BlockSummaries.ROWS != 0) {
      return -1;
    }
    int end = endOfBlock(row);
    int block = row / BlockSummaries.ROWS;
    boolean unknown = column instanceof DoubleColumn && Double.isNaN(known().smallestDouble(block));
    return end <= to && !unknown ? end : -1;
  }

  /** The end of the stored block that a row is in. */
  int endOfBlock(int row) {
    return (int) Math.min(rowCount, (row / BlockSummaries.ROWS + 1L) * BlockSummaries.ROWS);
  }

  /** The number of values of a stored block, nulls left out. */
  int knownValues(int row) {
    return endOfBlock(row) - row - known().nulls(row / BlockSummaries.ROWS);
  }

  /** The smallest or largest value of a stored block that has values, as a double. */
  double knownDouble(int row, boolean smallest) {
    int block = row / BlockSummaries.ROWS;
    return smallest ? known().smallestDouble(block) : known().largestDouble(block);
  }

  /** The smallest or largest value of a stored block that has values, as a long. */
  long knownLong(int row, boolean smallest) {
    if (column instanceof DoubleColumn) {
      return (long) knownDouble(row, smallest);
    }
    int block = row / BlockSummaries.ROWS;
    return smallest ? known().smallest(block) : known().largest(block);
  }

  /** Reads the integers into the longs. */
  void readScaled(int from, int count) {
    makeLongs();
    if (column instanceof DoubleColumn real) {
      real.readScaled(from, count, longs);
    } else if (column instanceof LongColumn whole) {
      whole.read(from, count, longs);
    }
    readNulls(from, count);
  }

  /** The sum of the integers of rows {@code [from, to)}. */
  long sumScaled(int from, int to) {
    return column instanceof DoubleColumn real
        ? real.sumScaled(from, to)
        : ((LongColumn) requireNonNull(column, "column")).sum(from, to);
  }

  void readLongs(int from, int count) {
    makeLongs();
    if (column instanceof LongColumn whole) {
      whole.read(from, count, longs);
    } else if (column instanceof DoubleColumn real) {
      makeDoubles();
      real.read(from, count, doubles);
      for (int i = 0; i < count; i++) {
        longs[i] = (long) doubles[i];
      }
    }
    readNulls(from, count);
  }

  void readDoubles(int from, int count) {
    makeDoubles();
    if (column instanceof DoubleColumn real) {
      real.read(from, count, doubles);
    } else if (column instanceof LongColumn whole) {
      makeLongs();
      whole.read(from, count, longs);
      for (int i = 0; i < count; i++) {
        doubles[i] = longs[i];
      }
    }
    readNulls(from, count);
  }

  /**
   * Those of the rows that have a value, at the front; how many they are says {@link #presentOf}.
   */
  int[] present(int[] rows) {
    return hasNulls() ? presentRows : rows;
  }

  /** Chooses the rows that have a value, for {@link #present}; returns how many. */
  int presentOf(int[] rows, int count) {
    if (isMissing() || !hasNulls()) {
      return isMissing() ? 0 : count;
    }
    if (presentRows.length == 0) {
      presentRows = new int[RowSet.BLOCK_ROWS];
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      presentRows[kept] = rows[i];
      kept += nulls[rows[i]] ? 0 : 1;
    }
    return kept;
  }

  private void makeLongs() {
    if (longs.length == 0) {
      longs = new long[RowSet.BLOCK_ROWS];
    }
  }

  private void makeDoubles() {
    if (doubles.length == 0) {
      doubles = new double[RowSet.BLOCK_ROWS];
    }
  }

  private void readNulls(int from, int count) {
    if (nulls.length == 0 && hasNulls()) {
      nulls = new boolean[RowSet.BLOCK_ROWS];
    }
    if (column instanceof LongColumn whole && whole.hasNulls()) {
      whole.readNulls(from, count, nulls);
    } else if (column instanceof DoubleColumn real && real.hasNulls()) {
      real.readNulls(from, count, nulls);
    }
  }
}
