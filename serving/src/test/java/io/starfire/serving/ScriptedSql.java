package io.starfire.serving;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlAnswer;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlParameter;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlStatement;
import java.sql.Types;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Statements whose answers a test says, so that it can look at how they are written. */
public final class ScriptedSql implements Function<SqlRequest, SqlStatement> {
  private final Map<String, Script> scripts = new LinkedHashMap<>();
  private final List<SqlRequest> asked = new ArrayList<>();
  private final List<List<SqlParameter>> given = new ArrayList<>();
  private final AtomicInteger open = new AtomicInteger();

  private record Script(
      List<SqlColumn> columns, List<SqlColumn> parameters, int rows, IntFunction<Object[]> row) {}

  public static SqlColumn varchar(String name) {
    return new SqlColumn(name, "VARCHAR", Types.VARCHAR, true, -1, Integer.MIN_VALUE, "STRING");
  }

  public static SqlColumn bigint(String name) {
    return new SqlColumn(name, "BIGINT", Types.BIGINT, true, 19, 0, "LONG");
  }

  public static SqlColumn other(String name, String sqlType, int jdbcType, String nativeType) {
    return new SqlColumn(name, sqlType, jdbcType, true, -1, Integer.MIN_VALUE, nativeType);
  }

  /** What a statement answers. */
  public ScriptedSql answer(String sql, List<SqlColumn> columns, Object[]... rows) {
    scripts.put(sql, new Script(columns, List.of(), rows.length, at -> rows[at]));
    return this;
  }

  /** What a statement answers that has parameters, or many rows. */
  public ScriptedSql answer(
      String sql,
      List<SqlColumn> columns,
      List<SqlColumn> parameters,
      int rows,
      IntFunction<Object[]> row) {
    scripts.put(sql, new Script(columns, parameters, rows, row));
    return this;
  }

  /** The requests so far. */
  public synchronized List<SqlRequest> asked() {
    return List.copyOf(asked);
  }

  /** The parameters of each run so far. */
  public synchronized List<List<SqlParameter>> given() {
    return List.copyOf(given);
  }

  /** How many answers are open. */
  public int open() {
    return open.get();
  }

  @Override
  public SqlStatement apply(SqlRequest request) {
    Script script = scripts.get(request.sql());
    if (script == null) {
      throw new StarfireException(ErrorCode.INVALID_INPUT, "no script for " + request.sql());
    }
    synchronized (this) {
      asked.add(request);
    }
    Object zone = request.context().getOrDefault("sqlTimeZone", "Etc/UTC");
    return new Statement(script, ZoneId.of(zone.toString()));
  }

  private final class Statement implements SqlStatement {
    private final Script script;
    private final ZoneId zone;

    Statement(Script script, ZoneId zone) {
      this.script = script;
      this.zone = zone;
    }

    @Override
    public List<SqlColumn> columns() {
      return script.columns;
    }

    @Override
    public List<SqlColumn> parameters() {
      return script.parameters;
    }

    @Override
    public Set<String> dataSources() {
      return Set.of();
    }

    @Override
    public String explain() {
      return "[]";
    }

    @Override
    public SqlAnswer run(List<SqlParameter> parameters) {
      synchronized (ScriptedSql.this) {
        given.add(parameters);
      }
      open.incrementAndGet();
      return new Answer(script, zone);
    }
  }

  private final class Answer implements SqlAnswer {
    private final Script script;
    private final ZoneId zone;
    private int at = -1;
    private boolean closed;

    Answer(Script script, ZoneId zone) {
      this.script = script;
      this.zone = zone;
    }

    @Override
    public List<SqlColumn> columns() {
      return script.columns;
    }

    @Override
    public ZoneId zone() {
      return zone;
    }

    @Override
    public boolean next() {
      at++;
      return at < script.rows;
    }

    @Override
    public Object[] row() {
      return script.row.apply(at);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        open.decrementAndGet();
      }
    }
  }
}
