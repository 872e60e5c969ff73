package io.starfire.serving.query.compute;

import io.starfire.common.Spelling;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.expression.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The functions of the expression language. A further one is a line in the list of its kind, and a
 * row of {@code docs/expressions.md}, which a test compares with this. Stateless.
 */
final class Functions {
  private static final Map<String, FunctionDefinition> ALL = all();

  private Functions() {}

  private static Map<String, FunctionDefinition> all() {
    List<FunctionDefinition> lists = new ArrayList<>();
    lists.addAll(ConditionFunctions.list());
    lists.addAll(NumberFunctions.list());
    lists.addAll(TextFunctions.list());
    lists.addAll(TimeFunctions.list());
    lists.addAll(ArrayFunctions.list());
    lists.addAll(LambdaFunctions.list());
    lists.addAll(JsonFunctions.list());
    Map<String, FunctionDefinition> all = new LinkedHashMap<>();
    for (FunctionDefinition function : lists) {
      all.put(function.name().toLowerCase(Locale.ROOT), function);
    }
    return all;
  }

  /** All, in the order of the page. */
  static List<FunctionDefinition> list() {
    return List.copyOf(ALL.values());
  }

  /** The function that is called; an unknown one is INVALID_INPUT, with the nearest name. */
  static FunctionDefinition named(Term.Call call, Expression expression) {
    FunctionDefinition found = ALL.get(call.function().toLowerCase(Locale.ROOT));
    if (found != null) {
      return found;
    }
    List<String> names = ALL.values().stream().map(FunctionDefinition::name).toList();
    throw expression.fault(
        call.position(),
        "there is no function '%s'; did you mean %s?"
            .formatted(call.function(), Spelling.nearest(call.function(), names)));
  }
}
