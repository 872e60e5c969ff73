package io.starfire.benchmarks.peers;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * DuckDB in this process, over JDBC. Its table has keys and dates as text, as the dimensions of a
 * data source are, and the day of shipping as a date besides; it is ordered by that day.
 */
final class DuckDbPeer implements Peer {
  private static final String TEXT = "'VARCHAR'";
  private static final String CREATE =
      """
      create table if not exists lineitem as
      select l_shipdate::date as l_ts, * from read_csv('%s', delim = '|', header = false, columns = {
        'l_orderkey': TEXT, 'l_partkey': TEXT, 'l_suppkey': TEXT, 'l_linenumber': TEXT,
        'l_quantity': 'BIGINT', 'l_extendedprice': 'DOUBLE', 'l_discount': 'DOUBLE', 'l_tax': 'DOUBLE',
        'l_returnflag': TEXT, 'l_linestatus': TEXT, 'l_shipdate': TEXT, 'l_commitdate': TEXT,
        'l_receiptdate': TEXT, 'l_shipinstruct': TEXT, 'l_shipmode': TEXT, 'l_comment': TEXT})
      order by l_ts"""
          .replace("TEXT", TEXT);

  private final Connection connection;

  /**
   * Opens a database file, and loads the table if it is not there.
   *
   * @param lines of TPC-H's lineitem, with {@code |} between the fields
   */
  DuckDbPeer(Path database, Path lines, int threads) {
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:" + database);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set threads = " + threads);
        statement.execute(CREATE.formatted(lines.toString().replace("'", "''")));
        statement.execute("checkpoint");
      }
    } catch (SQLException e) {
      throw failed("the table cannot be loaded from " + lines, e);
    }
  }

  @Override
  public String name() {
    return "duckdb";
  }

  @Override
  public long time(PeerQuery query) {
    requireSql(query);
    long start = System.nanoTime();
    long characters = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query.sql())) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          characters += rows.getString(i).length();
        }
      }
    } catch (SQLException e) {
      throw failed(query.name(), e);
    }
    long took = System.nanoTime() - start;
    if (characters < 0) {
      throw new IllegalStateException("what was read is used, so that reading it is not left out");
    }
    return took;
  }

  @Override
  public List<List<Object>> answer(PeerQuery query) {
    requireSql(query);
    List<List<Object>> answer = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query.sql())) {
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= query.compare().size(); i++) {
          Object value = rows.getObject(i);
          row.add(
              value instanceof Number number ? (Object) number.doubleValue() : value.toString());
        }
        answer.add(row);
      }
    } catch (SQLException e) {
      throw failed(query.name(), e);
    }
    return answer;
  }

  private static void requireSql(PeerQuery query) {
    if (query.sql().isEmpty()) {
      throw new UnsupportedQueryException("DuckDB has nothing of the kind");
    }
  }

  private static StarfireException failed(String what, SQLException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "DuckDB: %s: %s".formatted(what, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed("the database cannot be closed", e);
    }
  }
}
