package io.starfire.serving.query.compute;

import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.expression.Term;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of an expression, for the types that its names have in a scope. */
final class Binder {
  private final Expression expression;
  private final Scope scope;
  private final int capacity;
  private final @Nullable QueryControl control;

  /**
   * @param capacity the largest number of rows of a block
   * @param control on whose account the nodes are; null for an expression that is only checked
   */
  Binder(Expression expression, Scope scope, int capacity, @Nullable QueryControl control) {
    this.expression = expression;
    this.scope = scope;
    this.capacity = capacity;
    this.control = control;
  }

  /** The same for another scope. */
  Binder within(Scope inner) {
    return new Binder(expression, inner, capacity, control);
  }

  Scope scope() {
    return scope;
  }

  int capacity() {
    return capacity;
  }

  @Nullable QueryControl control() {
    return control;
  }

  StarfireException fault(int position, String what) {
    return expression.fault(position, what);
  }

  Node bind() {
    return bind(expression.root());
  }

  Node bind(Term term) {
    if (control != null) {
      control.reserveForExpressions(Node.bytes(capacity));
    }
    if (term instanceof Term.Literal literal) {
      return constant(literal.value());
    }
    if (term instanceof Term.ArrayLiteral array) {
      return new Inputs.Constant(
          ValueType.of(array.element()).array(), capacity, array.values().toArray());
    }
    if (term instanceof Term.Name name) {
      return scope.scalar(name.name());
    }
    if (term instanceof Term.Negative negative) {
      return negative(negative);
    }
    if (term instanceof Term.Not not) {
      Node operand = bind(not.operand());
      refuseArray(operand, not.position(), "!");
      return Computed.truths(capacity, i -> !Casts.isTrue(operand, i), operand);
    }
    if (term instanceof Term.Binary binary) {
      return binary(binary);
    }
    if (term instanceof Term.Call call) {
      return Functions.named(call, expression).bind(new Call(this, call));
    }
    throw fault(
        term.position(),
        "a lambda is only read as the first argument of " + LambdaFunctions.names());
  }

  private Node constant(@Nullable Object value) {
    ValueType type =
        value == null
            ? ValueType.NOTHING
            : value instanceof Long
                ? ValueType.LONG
                : value instanceof Double ? ValueType.DOUBLE : ValueType.STRING;
    return new Inputs.Constant(type, capacity, value);
  }

  private Node negative(Term.Negative term) {
    Node operand = bind(term.operand());
    refuseArray(operand, term.position(), "-");
    if (operand.type == ValueType.LONG) {
      return Computed.longs(capacity, i -> -operand.longs[i], operand);
    }
    Node number = Casts.to(ValueType.DOUBLE, operand);
    return Computed.doubles(capacity, i -> -number.doubles[i], number);
  }

  private Node binary(Term.Binary term) {
    Node left = plain(bind(term.left()));
    Node right = plain(bind(term.right()));
    Node bound = Operators.bind(term.operator(), left, right);
    if (bound == null) {
      throw fault(
          term.position(),
          "the operator %s cannot be used on %s and %s"
              .formatted(term.operator().symbol(), left.type.text(), right.type.text()));
    }
    return bound;
  }

  /** Operators see JSON as text, and what is a scalar as the scalar's. */
  private static Node plain(Node node) {
    return node.type == ValueType.JSON ? Casts.to(ValueType.STRING, node) : node;
  }

  private void refuseArray(Node node, int position, String operator) {
    if (node.type.isArray()) {
      throw fault(
          position, "the operator %s cannot be used on %s".formatted(operator, node.type.text()));
    }
  }

  /** A term as an array: a column with all values of its row, anything else with the one it has. */
  Node bindArray(Term term) {
    Node array = term instanceof Term.Name name ? scope.array(name.name()) : null;
    Node node = Objects.requireNonNullElseGet(array, () -> bind(term));
    return Casts.to(node.type.array(), node);
  }
}
