package io.starfire.serving.sql.function;

import io.starfire.common.Spelling;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.jspecify.annotations.Nullable;

/**
 * All functions and aggregates that statements may use. A function is one line in the class of its
 * group; what is not there is taken from Calcite, if {@link ExpressionWriter} knows it. Immutable.
 */
public final class SqlFunctions implements SqlOperatorTable {
  private static final SqlFunctions INSTANCE = new SqlFunctions();

  private final Map<String, FunctionDefinition> functions = new TreeMap<>();
  private final Map<String, AggregateDefinition> aggregates = new TreeMap<>();
  private final IdentityHashMap<SqlOperator, FunctionDefinition> byOperator =
      new IdentityHashMap<>();

  private SqlFunctions() {
    List<FunctionDefinition> all = new ArrayList<>();
    all.addAll(TimeFunctions.list());
    all.addAll(TextFunctions.list());
    all.addAll(NumberFunctions.list());
    all.addAll(ArrayFunctions.list());
    all.addAll(SketchFunctions.list());
    for (FunctionDefinition one : all) {
      functions.put(one.name(), one);
      byOperator.put(one.operator(), one);
    }
    for (AggregateDefinition one : AggregateFunctions.list()) {
      aggregates.put(one.name(), one);
    }
  }

  /** The table of operators. */
  public static SqlFunctions instance() {
    return INSTANCE;
  }

  /** The functions of Starfire's own, by name. */
  public List<FunctionDefinition> functions() {
    return List.copyOf(functions.values());
  }

  /** The aggregates of Starfire's own, by name. */
  public List<AggregateDefinition> aggregates() {
    return List.copyOf(aggregates.values());
  }

  /** The function that an operator is; null if it is Calcite's own. */
  static @Nullable FunctionDefinition definition(SqlOperator operator) {
    return INSTANCE.byOperator.get(operator);
  }

  /** The name that somebody who wrote another may have meant. */
  public static Optional<String> near(String name) {
    List<String> known = new ArrayList<>(INSTANCE.functions.keySet());
    known.addAll(INSTANCE.aggregates.keySet());
    known.addAll(StandardFunctions.NAMES);
    return Spelling.near(name, known);
  }

  @Override
  public void lookupOperatorOverloads(
      SqlIdentifier name,
      @Nullable SqlFunctionCategory category,
      SqlSyntax syntax,
      List<SqlOperator> found,
      SqlNameMatcher matcher) {
    if (name.isSimple()) {
      String upper = name.getSimple().toUpperCase(Locale.ROOT);
      FunctionDefinition function = functions.get(upper);
      AggregateDefinition aggregate = aggregates.get(upper);
      if (syntax.family == SqlSyntax.FUNCTION && (function != null || aggregate != null)) {
        found.add(function != null ? function.operator() : aggregate.operator());
        return;
      }
      if (syntax.family == SqlSyntax.FUNCTION && !StandardFunctions.NAMES.contains(upper)) {
        return;
      }
    }
    SqlStdOperatorTable.instance().lookupOperatorOverloads(name, category, syntax, found, matcher);
  }

  @Override
  public List<SqlOperator> getOperatorList() {
    List<SqlOperator> all = new ArrayList<>();
    functions.values().forEach(one -> all.add(one.operator()));
    aggregates.values().forEach(one -> all.add(one.operator()));
    all.addAll(SqlStdOperatorTable.instance().getOperatorList());
    return all;
  }
}
