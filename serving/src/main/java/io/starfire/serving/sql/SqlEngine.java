package io.starfire.serving.sql;

import io.micrometer.core.instrument.MeterRegistry;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.broker.Broker;
import java.time.InstantSource;
import java.util.List;

/** Answers SQL by native queries, and by what runs above them. Thread-safe. */
public final class SqlEngine {
  private static final int MAX_LENGTH = 16 << 20;

  private final Broker broker;
  private final List<SystemTable> tables;
  private final MeterRegistry metrics;
  private final InstantSource clock;

  /**
   * @param broker answers native queries
   * @param tables besides data sources and lookups
   */
  public SqlEngine(
      Broker broker, List<SystemTable> tables, MeterRegistry metrics, InstantSource clock) {
    this.broker = broker;
    this.tables = List.copyOf(tables);
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * Reads and checks a statement.
   *
   * @throws StarfireException with INVALID_INPUT, as a {@link SqlException} if a place can be
   *     named; with UNSUPPORTED
   */
  public SqlStatement prepare(SqlRequest request) {
    metrics.counter("starfire.sql.statements").increment();
    if (request.sql().length() > MAX_LENGTH) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the statement is longer than %,d characters".formatted(MAX_LENGTH));
    }
    return refused(tables.size(), clock.instant().toEpochMilli());
  }

  private static SqlStatement refused(int tables, long millis) {
    throw new StarfireException(
        ErrorCode.UNSUPPORTED,
        "SQL over %d tables at %d cannot be answered yet; post a native query to /druid/v2"
            .formatted(tables, millis));
  }

  /** Cancels the statements with an id; false if there are none. */
  public boolean cancel(String sqlQueryId) {
    return broker.cancelRunning(sqlQueryId);
  }
}
