package io.starfire.event;

/** The type of a column of a data source. */
public enum ColumnType {
  STRING,
  LONG,
  DOUBLE
}
