package io.starfire.serving.sql;

import java.util.List;

/** The tables and functions that a statement may name. Immutable. */
public interface SqlCatalog {
  /** The schemas: druid, INFORMATION_SCHEMA, lookup, sys, view, and those of further tables. */
  List<String> schemas();

  /** All tables, by schema and name. */
  List<Table> tables();

  /** All functions, by name. */
  List<Function> functions();

  /** What a table is. */
  enum Kind {
    DATA_SOURCE,
    LOOKUP,
    SYSTEM
  }

  /** A table. */
  record Table(String schema, String name, Kind kind, List<SqlColumn> columns) {}

  /**
   * A function.
   *
   * @param name in upper case
   * @param aggregates whether it computes one value of many rows
   * @param signatures how it is called, such as {@code TIME_FLOOR(<TIMESTAMP>, <CHARACTER>)}
   */
  record Function(String name, boolean aggregates, List<String> signatures) {}
}
