package io.starfire.serving.sql.engine;

import io.starfire.serving.sql.SqlAnswer;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlParameter;
import io.starfire.serving.sql.SqlRequest;
import io.starfire.serving.sql.SqlStatement;
import io.starfire.serving.sql.plan.Explained;
import io.starfire.serving.sql.plan.Frontend;
import java.util.List;
import java.util.Set;

/** A statement of the engine. A plan holds for one run, so it is made anew for each. */
final class EngineStatement implements SqlStatement {
  private static final List<SqlColumn> EXPLAINED =
      List.of(text("PLAN"), text("RESOURCES"), text("ATTRIBUTES"));

  private final NativeSqlEngine engine;
  private final SqlRequest request;
  private final Frontend.Planned checked;

  EngineStatement(NativeSqlEngine engine, SqlRequest request, Frontend.Planned checked) {
    this.engine = engine;
    this.request = request;
    this.checked = checked;
  }

  private static SqlColumn text(String name) {
    return new SqlColumn(
        name, "VARCHAR", java.sql.Types.VARCHAR, true, -1, Integer.MIN_VALUE, "STRING");
  }

  @Override
  public List<SqlColumn> columns() {
    return checked.explains() ? EXPLAINED : checked.columns();
  }

  @Override
  public List<SqlColumn> parameters() {
    return checked.parameters();
  }

  @Override
  public Set<String> dataSources() {
    return checked.dataSources();
  }

  @Override
  public String explain() {
    return Explained.plan(checked);
  }

  @Override
  public SqlAnswer run(List<SqlParameter> parameters) {
    return engine.run(request, parameters, columns());
  }
}
