package io.starfire.serving.query.compute;

import io.starfire.serving.query.expression.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The functions that apply a lambda to the elements of an array. Stateless. */
final class LambdaFunctions {
  private LambdaFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "map", "lambda, array", "What the lambda makes of each element.", LambdaFunctions::map),
        define(
            "filter",
            "lambda, array",
            "The elements for which the lambda is true.",
            LambdaFunctions::filter),
        define(
            "any",
            "lambda, array",
            "1 if the lambda is true for an element, else 0.",
            call -> truth(call, true)),
        define(
            "all",
            "lambda, array",
            "1 if the lambda is true for all elements, else 0.",
            call -> truth(call, false)),
        define(
            "fold",
            "lambda, array, start",
            "The last value of the lambda, which is given each element and the value before.",
            LambdaFunctions::fold));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.ARRAYS, name, parameters, meaning, binding);
  }

  static String names() {
    return list().stream().map(FunctionDefinition::name).collect(Collectors.joining(", "));
  }

  /** The scope inside a lambda: its parameters, and what surrounds it. */
  private static final class Inner implements Scope {
    private final Scope outer;
    private final Map<String, Node> parameters = new HashMap<>();
    private final List<Inputs.Captured> captured = new ArrayList<>();
    private final int capacity;

    Inner(Scope outer, int capacity) {
      this.outer = outer;
      this.capacity = capacity;
    }

    @Override
    public Node scalar(String name) {
      Node parameter = parameters.get(name);
      return parameter == null ? capture(outer.scalar(name)) : parameter;
    }

    @Override
    public @Nullable Node array(String name) {
      if (parameters.containsKey(name)) {
        return null;
      }
      Node array = outer.array(name);
      return array == null ? null : capture(array);
    }

    private Node capture(Node node) {
      if (node.isConstant()) {
        return node;
      }
      Inputs.Captured inner = new Inputs.Captured(node, capacity);
      captured.add(inner);
      return inner;
    }
  }

  /** A lambda, ready to be run over the elements of one row after the other. */
  private static final class Body {
    private final List<Inputs.Given> parameters = new ArrayList<>();
    private final Inner scope;
    private final Node result;
    private final Block block = new Block();

    Body(Call call, ValueType... types) {
      if (!(call.term(0) instanceof Term.Lambda lambda)
          || lambda.parameters().size() != types.length) {
        throw call.fault(
            0,
            "a lambda of %d parameters is expected here, such as %s"
                .formatted(
                    types.length, types.length == 1 ? "(x) -> x + 1" : "(x, sum) -> sum + x"));
      }
      this.scope = new Inner(call.binder().scope(), call.capacity());
      for (int i = 0; i < types.length; i++) {
        Inputs.Given given = new Inputs.Given(types[i], call.capacity());
        parameters.add(given);
        scope.parameters.put(lambda.parameters().get(i), given);
      }
      this.result = call.binder().within(scope).bind(lambda.body());
    }

    ValueType type() {
      return result.type;
    }

    /** Computes what surrounds the lambda, for all rows of the block. */
    void evaluateOuter(Block outer) {
      scope.captured.forEach(one -> one.outer().evaluate(outer));
    }

    /** The results for elements of one row, which are not more than a block. */
    private Node run(int row, @Nullable Object[] elements, int from, int count) {
      for (int i = 0; i < count; i++) {
        parameters.get(0).set(i, elements[from + i]);
      }
      return run(row, count);
    }

    private Node run(int row, int count) {
      scope.captured.forEach(one -> one.capture(row, count));
      block.moveTo(0, count);
      result.evaluate(block);
      return result;
    }

    interface Visitor {
      void visit(int element, Node results, int at);
    }

    /** Runs over all elements of a row. */
    void forEach(int row, @Nullable Object[] elements, Visitor visitor) {
      int capacity = result.capacity;
      for (int from = 0; from < elements.length; from += capacity) {
        int count = Math.min(capacity, elements.length - from);
        Node results = run(row, elements, from, count);
        for (int i = 0; i < count; i++) {
          visitor.visit(from + i, results, i);
        }
      }
    }

    @Nullable Object fold(int row, @Nullable Object[] elements, @Nullable Object start) {
      Object sum = start;
      for (Object element : elements) {
        parameters.get(0).set(0, element);
        parameters.get(1).set(0, Casts.value(parameters.get(1).type, sum));
        sum = run(row, 1).value(0);
      }
      return Casts.value(parameters.get(1).type, sum);
    }
  }

  private interface RowOfArray {
    @Nullable Object at(int row, @Nullable Object[] elements);
  }

  /** A node that asks the body about each row whose array is not null. */
  private static Node over(
      Call call, ValueType type, Body body, Node array, RowOfArray row, Node... others) {
    return new Node(type, call.capacity()) {
      @Override
      void compute(Block block) {
        array.evaluate(block);
        body.evaluateOuter(block);
        for (Node other : others) {
          other.evaluate(block);
        }
        for (int i = 0; i < block.count(); i++) {
          set(i, array.nulls[i] ? null : row.at(i, array.array(i)));
        }
      }
    };
  }

  private static Node map(Call call) {
    Node array = call.arrayAt(1);
    Body body = new Body(call, array.type.element());
    ValueType type = body.type().array();
    return over(
        call,
        type,
        body,
        array,
        (row, elements) -> {
          Object[] mapped = new Object[elements.length];
          body.forEach(row, elements, (i, results, at) -> mapped[i] = results.value(at));
          return mapped;
        });
  }

  private static Node filter(Call call) {
    Node array = call.arrayAt(1);
    Body body = new Body(call, array.type.element());
    return over(
        call,
        array.type,
        body,
        array,
        (row, elements) -> {
          List<Object> kept = new ArrayList<>();
          body.forEach(
              row,
              elements,
              (i, results, at) -> {
                if (!results.nulls[at] && Casts.isTrue(results, at)) {
                  kept.add(elements[i]);
                }
              });
          return kept.toArray();
        });
  }

  private static Node truth(Call call, boolean any) {
    Node array = call.arrayAt(1);
    Body body = new Body(call, array.type.element());
    return over(
        call,
        ValueType.LONG,
        body,
        array,
        (row, elements) -> {
          boolean[] found = {false};
          body.forEach(
              row,
              elements,
              (i, results, at) ->
                  found[0] |= (!results.nulls[at] && Casts.isTrue(results, at)) == any);
          return found[0] == any ? 1L : 0L;
        });
  }

  private static Node fold(Call call) {
    Node array = call.arrayAt(1);
    Node start = call.at(2);
    ValueType type = start.type;
    Body first = new Body(call, array.type.element(), type);
    // The sum must be able to hold what the lambda makes of it: 0 and doubles are doubles.
    ValueType wider = type.with(first.type());
    Body body = wider == type ? first : new Body(call, array.type.element(), wider);
    Node from = Casts.to(wider, start);
    return over(
        call,
        wider,
        body,
        array,
        (row, elements) -> body.fold(row, elements, from.value(row)),
        from);
  }
}
