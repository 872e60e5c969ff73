package io.starfire.serving.query.compute;

import io.starfire.serving.query.model.ValueOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The functions that choose between values, and that ask for their kind. Stateless. */
final class ConditionFunctions {
  private ConditionFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "cast",
            "value, type",
            "The value as 'LONG', 'DOUBLE', 'STRING' or an array of them, such as 'ARRAY<LONG>'."
                + " Null if it is none, such as a text that is no number.",
            ConditionFunctions::cast),
        define(
            "if",
            "condition, then, else",
            "`then` if the condition is true, else `else`; also if the condition is null.",
            call -> choice(call, List.of(call.scalarAt(0)), List.of(call.at(1), call.at(2)))),
        define(
            "case_searched",
            "condition, result[, condition or else]...",
            "The result after the first condition that is true; else the last one, or null.",
            ConditionFunctions::caseSearched),
        define(
            "case_simple",
            "value, match, result[, match or else]...",
            "The result after the first match that equals the value; else the last one, or null.",
            ConditionFunctions::caseSimple),
        define(
            "nvl",
            "value, otherwise",
            "The value, or if it is null the other.",
            ConditionFunctions::firstPresent),
        define(
            "coalesce",
            "value...",
            "The first of the values that is not null.",
            ConditionFunctions::firstPresent),
        define(
            "isnull",
            "value",
            "1 if the value is null, else 0.",
            call -> truth(call, call.at(0), (node, i) -> node.nulls[i])),
        define(
            "notnull",
            "value",
            "0 if the value is null, else 1.",
            call -> truth(call, call.at(0), (node, i) -> !node.nulls[i])),
        define(
            "istrue",
            "value",
            "1 if the value is true, else 0; never null.",
            call -> truth(call, call.scalarAt(0), ConditionFunctions::isTrue)),
        define(
            "isfalse",
            "value",
            "1 if the value is false, else 0; never null.",
            call -> truth(call, call.scalarAt(0), ConditionFunctions::isFalse)),
        define(
            "nottrue",
            "value",
            "1 if the value is false or null, else 0.",
            call -> truth(call, call.scalarAt(0), (node, i) -> !isTrue(node, i))),
        define(
            "notfalse",
            "value",
            "1 if the value is true or null, else 0.",
            call -> truth(call, call.scalarAt(0), (node, i) -> !isFalse(node, i))),
        define(
            "isdistinctfrom",
            "left, right",
            "1 if the two differ, else 0; null is like any other value.",
            call -> distinct(call, true)),
        define(
            "notdistinctfrom",
            "left, right",
            "1 if the two are the same, else 0; null is like any other value.",
            call -> distinct(call, false)),
        define(
            "greatest",
            "value...",
            "The greatest of the values that are not null; texts and numbers are compared as"
                + " texts.",
            call -> extreme(call, true)),
        define(
            "least",
            "value...",
            "The least of the values that are not null; texts and numbers are compared as texts.",
            call -> extreme(call, false)));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.CONDITIONS, name, parameters, meaning, binding);
  }

  private static Node cast(Call call) {
    String name = call.requiredText(1);
    ValueType type = ValueType.named(name);
    if (type == null) {
      throw call.fault(
          1,
          "'%s' is not a type; use LONG, DOUBLE, STRING, ARRAY<LONG>, ARRAY<DOUBLE> or ARRAY<STRING>"
              .formatted(name));
    }
    return Casts.to(type, type.isArray() ? call.arrayAt(0) : call.at(0));
  }

  private interface RowTest {
    boolean test(Node node, int row);
  }

  private static Node truth(Call call, Node node, RowTest test) {
    return call.overNulls(ValueType.LONG, i -> test.test(node, i) ? 1L : 0L, node);
  }

  private static boolean isTrue(Node node, int row) {
    return !node.nulls[row] && Casts.isTrue(node, row);
  }

  private static boolean isFalse(Node node, int row) {
    return !node.nulls[row] && !Casts.isTrue(node, row);
  }

  private static Node distinct(Call call, boolean asked) {
    Node left = call.scalarAt(0);
    Node right = call.scalarAt(1);
    ValueType common = left.type.with(right.type);
    Node one = Casts.to(common, left);
    Node other = Casts.to(common, right);
    return call.overNulls(
        ValueType.LONG,
        i -> Objects.equals(one.value(i), other.value(i)) != asked ? 1L : 0L,
        one,
        other);
  }

  private static Node caseSearched(Call call) {
    List<Node> conditions = new ArrayList<>();
    List<Node> results = new ArrayList<>();
    for (int i = 0; i + 1 < call.size(); i += 2) {
      conditions.add(call.scalarAt(i));
      results.add(call.at(i + 1));
    }
    results.add(otherwise(call, call.size() % 2 == 1));
    return choice(call, conditions, results);
  }

  private static Node caseSimple(Call call) {
    Node value = call.scalarAt(0);
    List<Node> conditions = new ArrayList<>();
    List<Node> results = new ArrayList<>();
    for (int i = 1; i + 1 < call.size(); i += 2) {
      Node match = call.scalarAt(i);
      ValueType common = value.type.with(match.type);
      Node one = Casts.to(common, value);
      Node other = Casts.to(common, match);
      conditions.add(call.truths(row -> equal(one, other, row), one, other));
      results.add(call.at(i + 1));
    }
    results.add(otherwise(call, call.size() % 2 == 0));
    return choice(call, conditions, results);
  }

  private static boolean equal(Node left, Node right, int row) {
    return switch (left.type) {
      case NOTHING -> false;
      case LONG -> left.longs[row] == right.longs[row];
      case DOUBLE -> Double.compare(left.doubles[row] + 0.0, right.doubles[row] + 0.0) == 0;
      default -> left.objects[row].equals(right.objects[row]);
    };
  }

  private static Node otherwise(Call call, boolean given) {
    return given
        ? call.at(call.size() - 1)
        : new Inputs.Constant(ValueType.NOTHING, call.capacity(), null);
  }

  private static Node firstPresent(Call call) {
    List<Node> conditions = new ArrayList<>();
    List<Node> results = new ArrayList<>();
    for (int i = 0; i < call.size(); i++) {
      Node value = call.at(i);
      conditions.add(truth(call, value, (node, row) -> !node.nulls[row]));
      results.add(value);
    }
    return choice(call, conditions.subList(0, conditions.size() - 1), results);
  }

  /** The result of the first condition that is true; the last result needs none. */
  private static Node choice(Call call, List<Node> conditions, List<Node> results) {
    ValueType type = ValueType.NOTHING;
    for (Node result : results) {
      type = type.with(result.type);
    }
    Node[] cases = new Node[results.size()];
    for (int i = 0; i < cases.length; i++) {
      cases[i] = Casts.to(type, results.get(i));
    }
    return new Choice(type, call.capacity(), conditions.toArray(Node[]::new), cases);
  }

  private static final class Choice extends Node {
    private final Node[] conditions;
    private final Node[] results;

    Choice(ValueType type, int capacity, Node[] conditions, Node[] results) {
      super(type, capacity);
      this.conditions = conditions;
      this.results = results;
    }

    @Override
    void compute(Block block) {
      for (Node condition : conditions) {
        condition.evaluate(block);
      }
      for (Node result : results) {
        result.evaluate(block);
      }
      for (int i = 0; i < block.count(); i++) {
        copy(i, results[chosen(i)]);
      }
    }

    private int chosen(int row) {
      for (int c = 0; c < conditions.length; c++) {
        if (isTrue(conditions[c], row)) {
          return c;
        }
      }
      return conditions.length;
    }
  }

  private static Node extreme(Call call, boolean greatest) {
    ValueType type = ValueType.NOTHING;
    List<Node> given = new ArrayList<>();
    for (int i = 0; i < call.size(); i++) {
      given.add(call.scalarAt(i));
      type = type.with(given.get(i).type);
    }
    ValueType common = type;
    Node[] values = given.stream().map(node -> Casts.to(common, node)).toArray(Node[]::new);
    return call.overNulls(type, i -> extreme(values, i, greatest), values);
  }

  private static @Nullable Object extreme(Node[] values, int row, boolean greatest) {
    Object best = null;
    for (Node node : values) {
      Object value = node.value(row);
      if (value != null) {
        int order = best == null ? 0 : ValueOrder.compareNaturally(value, best);
        best = best == null || (greatest ? order > 0 : order < 0) ? value : best;
      }
    }
    return best;
  }
}
