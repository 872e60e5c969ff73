package io.starfire.serving.sql;

import java.util.Iterator;
import java.util.List;

/** A table whose rows are what the server knows about itself. One class a table. Thread-safe. */
public interface SystemTable {
  /** The schema, such as {@code sys}. */
  String schema();

  /** Its name, such as {@code segments}. */
  String name();

  /** Its columns, in order. */
  List<Column> columns();

  /**
   * Its rows: of each column null, a String, a Long (also of INTEGER), a Double or a Boolean, as
   * its type says, and of a TIMESTAMP the milliseconds since 1970.
   */
  Iterator<Object[]> rows(SqlSession session);

  /** What a column of such a table holds. */
  enum Type {
    VARCHAR,
    BIGINT,
    INTEGER,
    DOUBLE,
    BOOLEAN,
    TIMESTAMP
  }

  /** One of its columns. */
  record Column(String name, Type type, boolean nullable) {
    public static Column of(String name, Type type) {
      return new Column(name, type, true);
    }
  }
}
