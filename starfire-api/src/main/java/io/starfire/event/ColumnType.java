package io.starfire.event;

/** The type of a column of a data source. */
public enum ColumnType {
  STRING,
  LONG,
  DOUBLE,
  /** Bytes that only aggregators of their kind understand, such as a sketch; metrics only. */
  COMPLEX
}
