package io.starfire.serving.sql.function;

import io.starfire.serving.sql.SqlCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The functions as a table of the catalogue shows them. Stateless. */
public final class FunctionList {
  private static final Set<String> AGGREGATES =
      Set.of("COUNT", "SUM", "MIN", "MAX", "AVG", "GROUPING");
  private static final List<SqlCatalog.Function> ALL = make();

  private FunctionList() {}

  /** All functions, by name. */
  public static List<SqlCatalog.Function> all() {
    return ALL;
  }

  private static List<SqlCatalog.Function> make() {
    List<SqlCatalog.Function> all = new ArrayList<>();
    for (FunctionDefinition one : SqlFunctions.instance().functions()) {
      all.add(function(one.name(), false, one.parameters()));
    }
    for (AggregateDefinition one : SqlFunctions.instance().aggregates()) {
      all.add(function(one.name(), true, one.parameters()));
    }
    StandardFunctions.ALL.forEach(
        (name, said) -> all.add(function(name, AGGREGATES.contains(name), said[0])));
    all.sort(Comparator.comparing(SqlCatalog.Function::name));
    return List.copyOf(all);
  }

  private static SqlCatalog.Function function(String name, boolean aggregates, String parameters) {
    return new SqlCatalog.Function(name, aggregates, List.of("%s(%s)".formatted(name, parameters)));
  }
}
