package io.starfire.serving.sql;

import java.util.List;

/**
 * The rows of an answer, one after the other. They are read while they are taken. It holds rows and
 * memory until it is closed. Used by one thread at a time.
 */
public interface SqlAnswer extends AutoCloseable {
  /** What the rows have, in order. */
  List<SqlColumn> columns();

  /** The time zone of the statement, in which times are shown. */
  java.time.ZoneId zone();

  /**
   * Goes to the next row; false at the end.
   *
   * @throws io.starfire.common.StarfireException as a native query does: also after rows were given
   */
  boolean next();

  /**
   * The values of the row at hand: null, Long (also of INTEGER), Double (also of DECIMAL and
   * FLOAT), String, Boolean; of a TIMESTAMP the milliseconds since 1970 in UTC, of a DATE those of
   * its midnight in the zone of the statement; of an ARRAY a List of these; of a sketch its bytes
   * as byte[]; of JSON what it holds, as Map, List, String, Long, Double or Boolean.
   */
  Object[] row();

  /** Lets go of everything. Does nothing the second time. */
  @Override
  void close();
}
