package io.starfire.serving.query.compute;

import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.QueryChecks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An expression over given values, computed for one set of them at a time. Thread-safe. */
final class Formula {
  private final Inputs.Given[] inputs;
  private final Node root;
  private final Block block = new Block();

  /**
   * @param what it belongs to, for messages
   * @param names of the values, in the order in which they are given
   * @param types of the values
   */
  Formula(String what, Expression expression, List<String> names, List<ValueType> types) {
    if (expression.calls("lookup")) {
      throw QueryChecks.unsupported(
          "the expression '%s' of %s looks values up; group by a virtual column that does",
          expression.text(), what);
    }
    this.inputs = new Inputs.Given[names.size()];
    Map<String, Node> byName = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = new Inputs.Given(types.get(i), 1);
      byName.put(names.get(i), inputs[i]);
    }
    for (String read : expression.columns()) {
      if (!byName.containsKey(read)) {
        throw QueryChecks.invalid(
            "the expression '%s' of %s reads '%s'; what it can read is %s",
            expression.text(), what, read, names.isEmpty() ? "nothing" : String.join(", ", names));
      }
    }
    this.root = new Binder(expression, new OfNames(byName), 1, null).bind();
  }

  ValueType type() {
    return root.type;
  }

  /**
   * The value: null, Long, Double, String or Object[].
   *
   * @param values those that are given; each is read as its type
   */
  synchronized @Nullable Object compute(@Nullable Object... values) {
    for (int i = 0; i < inputs.length; i++) {
      inputs[i].set(0, Casts.value(inputs[i].type, values[i]));
    }
    block.moveTo(0, 1);
    root.evaluate(block);
    return ComputedText.wellFormed(root.value(0));
  }

  private record OfNames(Map<String, Node> byName) implements Scope {
    @Override
    public Node scalar(String name) {
      Node found = byName.get(name);
      if (found == null) {
        throw new IllegalStateException(name + " was not looked for");
      }
      return found;
    }

    @Override
    public @Nullable Node array(String name) {
      return null;
    }
  }
}
