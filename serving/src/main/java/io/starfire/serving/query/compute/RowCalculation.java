package io.starfire.serving.query.compute;

import static java.util.Objects.requireNonNull;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Computes expressions from rows that are given as values, a block at a time. Not thread-safe.
 *
 * <p>An input of an array type is read as an array wherever its name stands.
 */
public final class RowCalculation {
  private final List<String> names = new ArrayList<>();
  private final List<Inputs.Given> inputs = new ArrayList<>();
  private final List<Node> outputs = new ArrayList<>();
  private final List<ValueType> wanted = new ArrayList<>();
  private final Block block = new Block();

  /**
   * An expression and the type that its values get.
   *
   * @param type LONG, DOUBLE, STRING or an array of them, such as {@code ARRAY<LONG>}
   */
  public record Output(Expression expression, String type) {}

  /**
   * @param types of the inputs, by name
   * @param capacity the largest number of rows of a block
   * @param control for lookups and memory; null for expressions that look nothing up
   */
  public RowCalculation(
      Map<String, String> types,
      List<Output> calculated,
      int capacity,
      @Nullable QueryControl control) {
    Map<String, Inputs.Given> given = new LinkedHashMap<>();
    types.forEach((name, type) -> given.put(name, new Inputs.Given(type(type), capacity)));
    names.addAll(given.keySet());
    inputs.addAll(given.values());
    for (Output output : calculated) {
      outputs.add(new Binder(output.expression, new OfInputs(given), capacity, control).bind());
      wanted.add(type(output.type));
    }
  }

  private static ValueType type(String name) {
    ValueType type = ValueType.named(name);
    if (type == null) {
      throw QueryChecks.unsupported("an expression cannot compute with values of type %s", name);
    }
    return type;
  }

  /** The names of the inputs, in the order of {@link #set}. */
  public List<String> inputs() {
    return names;
  }

  /**
   * Sets an input of a row: null, a Long, a Double, a String, or of an array a List or an array.
   */
  public void set(int row, int input, @Nullable Object value) {
    Inputs.Given node = inputs.get(input);
    Object given = value instanceof List<?> list ? list.toArray() : value;
    node.set(row, Casts.value(node.type, given));
  }

  /** Computes the first rows. */
  public void compute(int rows) {
    block.moveTo(0, rows);
    for (Node output : outputs) {
      output.evaluate(block);
    }
  }

  /** What was computed of a row: null, a Long, a Double, a String, or of an array an Object[]. */
  public @Nullable Object get(int row, int output) {
    Object value = Casts.value(wanted.get(output), outputs.get(output).value(row));
    return value instanceof String text ? ComputedText.wellFormed(text) : value;
  }

  private record OfInputs(Map<String, Inputs.Given> inputs) implements Scope {
    @Override
    public Node scalar(String name) {
      return requireNonNull(inputs.get(name), name);
    }

    @Override
    public @Nullable Node array(String name) {
      Inputs.Given input = requireNonNull(inputs.get(name), name);
      return input.type.isArray() ? input : null;
    }
  }
}
