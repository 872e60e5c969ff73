package io.starfire.segment.index;

/**
 * The values of one dimension for all rows of an index, in order of arrival. A value is first
 * staged, which gives its hash, then compared with rows and, if it is new, appended. Appended
 * values never change, and arrays are replaced when they grow, so that a view that was made under
 * the index's lock may be read without it.
 */
abstract sealed class DimensionBuffer permits StringDimensionBuffer, NumberDimensionBuffer {
  /** Refuses a value of the wrong type, before anything has been changed. */
  abstract void check(Object value);

  /** Makes a value current and returns its hash, which is 0 for null. */
  abstract int stage(Object value);

  /** Whether a row holds the staged value. */
  abstract boolean holdsStaged(int row);

  /** Appends the staged value as that of {@code row}, which must be the next one. */
  abstract void append(int row);

  /** Appends null for each of the first {@code rows} rows, to a buffer that is empty. */
  abstract void appendNulls(int rows);

  abstract long estimatedBytes();

  /** A view of the first {@code rows} rows. */
  abstract RowColumn view(int rows);
}
