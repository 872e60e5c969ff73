package io.starfire.serving.query.compute;

import static java.util.Objects.requireNonNull;

import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.Calculation;
import io.starfire.serving.query.model.OutputType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes an expression from the outputs of one group after the other. Thread-safe. */
public final class OutputCalculation implements Calculation {
  private final Expression expression;
  private final List<String> names;
  private volatile @Nullable Formula formula;

  public OutputCalculation(Expression expression) {
    this.expression = expression;
    this.names = List.copyOf(expression.columns());
  }

  @Override
  public OutputType typeOver(Map<String, OutputType> outputs) {
    List<ValueType> types =
        names.stream().map(name -> ValueType.of(requireNonNull(outputs.get(name), name))).toList();
    Formula made = new Formula("a post-aggregation", expression, names, types);
    formula = made;
    return made.type().outputType();
  }

  @Override
  public @Nullable Object compute(Map<String, Object> outputs) {
    Formula made = formula;
    if (made == null) {
      throw new IllegalStateException("the types of the outputs are asked for first");
    }
    return made.compute(names.stream().map(outputs::get).toArray());
  }
}
