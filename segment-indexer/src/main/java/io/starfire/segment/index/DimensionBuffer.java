package io.starfire.segment.index;

import io.starfire.event.DataRow;

/**
 * The values of one dimension for all rows of an index, in order of arrival. A value is first
 * staged, which gives its hash, then compared with rows and, if it is new, appended. Appended
 * values never change, and arrays are replaced when they grow, so that a view that was made under
 * the index's lock may be read without it.
 */
abstract sealed class DimensionBuffer permits StringDimensionBuffer, NumberDimensionBuffer {
  /** Refuses a row's value if it has the wrong type, before anything has been changed. */
  abstract void check(DataRow row, int dimension);

  /** Makes a row's value current and returns its hash, which is 0 for null. */
  abstract int stage(DataRow row, int dimension);

  /** Makes null current. */
  abstract void stageNull();

  /** Whether a row holds the staged value. */
  abstract boolean holdsStaged(int row);

  /** Appends the staged value as that of {@code row}, which must be the next one. */
  abstract void append(int row);

  /**
   * Appends the values of several rows; those beyond a row's dimensions are null.
   *
   * @param added of which the first {@code count} are appended
   * @param dimension the number of this dimension
   * @param firstRow the next row
   */
  void appendAll(DataRow[] added, int count, int dimension, int firstRow) {
    for (int i = 0; i < count; i++) {
      if (dimension < added[i].dimensionCount()) {
        int unused = stage(added[i], dimension);
      } else {
        stageNull();
      }
      append(firstRow + i);
    }
  }

  /** Appends null for each of the first {@code rows} rows, to a buffer that is empty. */
  abstract void appendNulls(int rows);

  /** Forgets all rows; texts keep their ids. A view that was made before stays as it is. */
  abstract void clearRows();

  abstract long estimatedBytes();

  /** The part of {@link #estimatedBytes} that is left when rows are cleared. */
  abstract long dictionaryBytes();

  /** A view of the first {@code rows} rows. */
  abstract RowColumn view(int rows);
}
