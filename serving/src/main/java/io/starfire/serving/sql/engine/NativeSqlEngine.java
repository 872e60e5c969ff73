package io.starfire.serving.sql.engine;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.broker.QuerySession;
import io.starfire.serving.query.control.Lookups;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.sql.SqlAnswer;
import io.starfire.serving.sql.SqlCatalog;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlEngine;
import io.starfire.serving.sql.SqlParameter;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.SqlStatement;
import io.starfire.serving.sql.SystemTable;
import io.starfire.serving.sql.catalog.Catalog;
import io.starfire.serving.sql.function.FunctionList;
import io.starfire.serving.sql.plan.Explained;
import io.starfire.serving.sql.plan.Frontend;
import io.starfire.serving.sql.rows.Execution;
import io.starfire.serving.sql.rows.Step;
import io.starfire.serving.sql.rows.ValuesStep;
import io.starfire.serving.view.View;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers SQL by native queries, and by what runs above them. A statement is planned anew for each
 * run, which takes a few milliseconds: the tables may have changed since. Thread-safe.
 */
public final class NativeSqlEngine implements SqlEngine {
  private static final int MAX_LENGTH = 8 << 20;

  private final Broker broker;
  private final List<SystemTable> tables;
  private final InstantSource clock;
  private final Timer planning;
  private volatile @Nullable Known known;

  /** The catalogue of one view. */
  private record Known(long view, long lookups, Catalog catalog) {}

  /**
   * Answers statements over the tables of a broker.
   *
   * @param broker answers native queries
   * @param tables besides data sources and lookups
   */
  public NativeSqlEngine(
      Broker broker, List<SystemTable> tables, MeterRegistry metrics, InstantSource clock) {
    this.broker = broker;
    this.tables = List.copyOf(tables);
    this.clock = clock;
    this.planning =
        Timer.builder("starfire.sql.planning")
            .description("Time from the text of a statement to its plan")
            .register(metrics);
  }

  @Override
  public SqlCatalog catalog() {
    return current();
  }

  private Catalog current() {
    View view = broker.view();
    Lookups lookups = broker.lookups();
    Known found = known;
    if (found != null && found.view == view.number() && found.lookups == lookups.number()) {
      return found.catalog;
    }
    Catalog made = Catalog.of(view, lookups, tables, FunctionList.all());
    known = new Known(view.number(), lookups.number(), made);
    return made;
  }

  @Override
  public SqlStatement prepare(SqlRequest request) {
    List<SqlParameter> values = request.parameters().isEmpty() ? null : request.parameters();
    return new EngineStatement(this, request, planned(request, session(request), values));
  }

  private Frontend.Planned planned(
      SqlRequest request, SqlSession session, @Nullable List<SqlParameter> values) {
    if (request.sql().length() > MAX_LENGTH) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the statement has %,d characters; at most %,d are read"
              .formatted(request.sql().length(), MAX_LENGTH));
    }
    return planning.record(
        () -> new Frontend(session, (Catalog) session.catalog()).plan(request.sql(), values));
  }

  private SqlSession session(SqlRequest request) {
    Map<String, Object> context = new LinkedHashMap<>(request.context());
    return new SqlSession(request.sqlQueryId(), context, zone(context), now(context), current());
  }

  private static ZoneId zone(Map<String, Object> context) {
    Object zone = context.get("sqlTimeZone");
    if (zone == null) {
      return ZoneOffset.UTC;
    }
    try {
      ZoneId found = ZoneId.of(zone.toString());
      return found.normalized().equals(ZoneOffset.UTC) ? ZoneOffset.UTC : found;
    } catch (DateTimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "context.sqlTimeZone '%s' is not a time zone; use a name such as America/Los_Angeles, or an offset such as +02:00"
              .formatted(zone),
          e);
    }
  }

  private Instant now(Map<String, Object> context) {
    Object now = context.get("sqlCurrentTimestamp");
    if (now == null) {
      return Instant.ofEpochMilli(clock.millis());
    }
    try {
      return Instant.parse(now.toString());
    } catch (DateTimeException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "context.sqlCurrentTimestamp '%s' is not a time; write it like 2026-11-20T10:00:00Z"
              .formatted(now),
          e);
    }
  }

  /** Plans a statement for one run, and begins it. */
  SqlAnswer run(SqlRequest request, List<SqlParameter> parameters, List<SqlColumn> columns) {
    SqlSession session = session(request);
    Frontend.Planned planned = planned(request, session, parameters);
    Step step = planned.step();
    if (step == null || planned.explains()) {
      step =
          new ValuesStep(
              List.<@Nullable Object[]>of(
                  new Object[] {
                    Explained.plan(planned),
                    Explained.resources(planned),
                    Explained.attributes(planned)
                  }));
    }
    QuerySession queries = broker.open(new QueryContext(ofQueries(session)), request.sqlQueryId());
    return new EngineAnswer(
        planned.explains() ? columns : planned.columns(),
        session.zone(),
        new Execution(queries, session),
        step);
  }

  /** What of the context is of native queries. */
  private static Map<String, Object> ofQueries(SqlSession session) {
    Map<String, Object> context = new LinkedHashMap<>(session.context());
    context.keySet().removeIf(name -> name.startsWith("sql"));
    return context;
  }

  @Override
  public boolean cancel(String sqlQueryId) {
    return broker.cancelRunning(sqlQueryId);
  }
}
