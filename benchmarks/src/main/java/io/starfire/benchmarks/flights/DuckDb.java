package io.starfire.benchmarks.flights;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks DuckDB, over JDBC, what is in the Parquet file. One thread. */
final class DuckDb implements AutoCloseable {
  private static final double MEAN_TOLERANCE = 1e-9;

  private final Connection connection;
  private final Path file;

  DuckDb(Path file) {
    this.file = file;
    try {
      this.connection = DriverManager.getConnection("jdbc:duckdb:");
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The number of rows. */
  long rows() {
    try (PreparedStatement statement =
        connection.prepareStatement("select count(*) from read_parquet(?)")) {
      statement.setString(1, file.toString());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The origins with the most flights; of equal ones, the first by name. */
  List<String> busiest(int count) {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select origin from read_parquet(?) group by origin order by count(*) desc, origin limit ?")) {
      statement.setString(1, file.toString());
      statement.setInt(2, count);
      List<String> origins = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          origins.add(rows.getString(1));
        }
      }
      return origins;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** The numbers of each month of each of these origins. */
  Map<Cell, Numbers> numbers(List<String> origins) {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select strftime(date, '%Y-%m') as month, origin, count(*), sum(distance), sum(delay), avg(delay)
            from read_parquet(?) group by 1, 2""")) {
      statement.setString(1, file.toString());
      Map<Cell, Numbers> numbers = new TreeMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (origins.contains(rows.getString(2))) {
            Numbers row = new Numbers(rows.getLong(3), rows.getLong(4), rows.getLong(5));
            check(row, rows.getDouble(6));
            numbers.put(new Cell(rows.getString(1), rows.getString(2)), row);
          }
        }
      }
      return numbers;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /** DuckDB's own mean must be that of its sum and its count. */
  private static void check(Numbers row, double mean) {
    if (Math.abs(row.meanDelay() - mean) > MEAN_TOLERANCE * Math.abs(mean)) {
      throw new StarfireException(
          ErrorCode.WRONG_RESULT, "DuckDB's mean delay %s is not that of %s".formatted(mean, row));
    }
  }

  private StarfireException failed(SQLException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "DuckDB cannot read %s: %s".formatted(file, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }
}
