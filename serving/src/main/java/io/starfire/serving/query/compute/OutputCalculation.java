package io.starfire.serving.query.compute;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.Calculation;
import io.starfire.serving.query.model.QueryChecks;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes an expression from the outputs of one group after the other. Thread-safe. */
public final class OutputCalculation implements Calculation {
  private final Expression expression;
  private final Map<String, Inputs.Given> inputs = new HashMap<>();
  private final Block block = new Block();
  private @Nullable Node root;

  public OutputCalculation(Expression expression) {
    if (expression.calls("lookup")) {
      throw QueryChecks.unsupported(
          "the expression '%s' of a post-aggregation looks values up; group by a virtual column"
              + " that does",
          expression.text());
    }
    this.expression = expression;
  }

  @Override
  public synchronized ColumnType typeOver(Map<String, ColumnType> outputs) {
    inputs.clear();
    for (String name : expression.columns()) {
      inputs.put(name, new Inputs.Given(ValueType.of(requireNonNull(outputs.get(name), name)), 1));
    }
    Node bound = new Binder(expression, new OfOutputs(inputs), 1, null).bind();
    root = bound.type.isArray() ? Casts.to(ValueType.STRING, bound) : bound;
    return root.type.columnType();
  }

  @Override
  public synchronized @Nullable Object compute(Map<String, Object> outputs) {
    Node bound = root;
    if (bound == null) {
      throw new IllegalStateException("the types of the outputs are asked for first");
    }
    inputs.forEach((name, input) -> input.set(0, Casts.value(input.type, outputs.get(name))));
    block.moveTo(0, 1);
    bound.evaluate(block);
    Object value = bound.value(0);
    return value instanceof String text ? ComputedText.wellFormed(text) : value;
  }

  private record OfOutputs(Map<String, Inputs.Given> inputs) implements Scope {
    @Override
    public Node scalar(String name) {
      return requireNonNull(inputs.get(name), name);
    }

    @Override
    public @Nullable Node array(String name) {
      return null;
    }
  }
}
