package io.starfire.serving.system;

import io.starfire.serving.sql.SystemTable;
import io.starfire.serving.sql.SystemTable.Column;
import java.util.ArrayList;
import java.util.List;

/** Builds the columns of a table, in order. Used by one thread. */
final class Columns {
  private final List<Column> columns = new ArrayList<>();

  /** Adds a column that is never null. */
  Columns with(String name, SystemTable.Type type) {
    columns.add(new Column(name, type, false));
    return this;
  }

  /** Adds a column that may be null. */
  Columns nullable(String name, SystemTable.Type type) {
    columns.add(new Column(name, type, true));
    return this;
  }

  List<Column> list() {
    return List.copyOf(columns);
  }

  /** Druid's truth values. */
  static Long flag(boolean value) {
    return value ? 1L : 0L;
  }

  /** A time or a number that is 0 if there is none. */
  static Long orNull(long millis) {
    return millis == 0 ? null : millis;
  }
}
