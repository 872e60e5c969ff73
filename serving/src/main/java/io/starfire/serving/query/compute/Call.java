package io.starfire.serving.query.compute;

import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.expression.Term;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call of a function while it is bound: its arguments, and what is made of them. */
final class Call {
  private final Binder binder;
  private final Term.Call term;

  Call(Binder binder, Term.Call term) {
    this.binder = binder;
    this.term = term;
  }

  int size() {
    return term.arguments().size();
  }

  boolean has(int argument) {
    return argument < size();
  }

  Binder binder() {
    return binder;
  }

  Term term(int argument) {
    return term.arguments().get(argument);
  }

  /** For messages about a pattern. */
  String owner() {
    return "function " + term.function() + " at character " + term.position();
  }

  /** The map of a lookup; an expression that is only checked has none, and needs none. */
  Map<String, String> lookup(String name) {
    QueryControl control = binder.control();
    return control == null ? Map.of() : control.lookups().named(name);
  }

  StarfireException fault(int argument, String what) {
    return binder.fault(term(argument).position(), what);
  }

  StarfireException fault(String what) {
    return binder.fault(term.position(), what);
  }

  // The arguments.

  Node at(int argument) {
    return binder.bind(term(argument));
  }

  /** An argument that may not be an array. */
  Node scalarAt(int argument) {
    Node node = at(argument);
    if (node.type.isArray()) {
      throw fault(
          argument,
          "the function %s takes a single value here, not %s"
              .formatted(term.function(), node.type.text()));
    }
    return node;
  }

  Node longAt(int argument) {
    return Casts.to(ValueType.LONG, scalarAt(argument));
  }

  Node doubleAt(int argument) {
    return Casts.to(ValueType.DOUBLE, scalarAt(argument));
  }

  Node textAt(int argument) {
    return Casts.to(ValueType.STRING, scalarAt(argument));
  }

  Node arrayAt(int argument) {
    return binder.bindArray(term(argument));
  }

  /** The value of an argument that must be the same for all rows; null if it is not given. */
  @Nullable Object literal(int argument) {
    if (!has(argument)) {
      return null;
    }
    Node node = at(argument);
    if (!node.isConstant()) {
      throw fault(
          argument,
          "the function %s takes a fixed value here, not one that differs from row to row"
              .formatted(term.function()));
    }
    return node.value(0);
  }

  @Nullable String optionalText(int argument) {
    Object value = literal(argument);
    if (value != null && !(value instanceof String)) {
      throw fault(
          argument,
          "the function %s takes a text in single quotes here, not %s"
              .formatted(term.function(), value));
    }
    return (String) value;
  }

  String requiredText(int argument) {
    String text = optionalText(argument);
    if (text == null) {
      throw fault(
          argument,
          "the function %s takes a text in single quotes here, not null"
              .formatted(term.function()));
    }
    return text;
  }

  /** A whole number that is the same for all rows. */
  long wholeNumber(int argument, long absent) {
    Object value = literal(argument);
    if (value != null && !(value instanceof Long)) {
      throw fault(
          argument,
          "the function %s takes a whole number here, not %s".formatted(term.function(), value));
    }
    return value == null ? absent : (Long) value;
  }

  // What is made of them.

  int capacity() {
    return binder.capacity();
  }

  Node longs(Computed.LongRow row, Node... others) {
    return Computed.longs(capacity(), row, others);
  }

  Node truths(Computed.TruthRow row, Node... others) {
    return Computed.truths(capacity(), row, others);
  }

  Node doubles(Computed.DoubleRow row, Node... others) {
    return Computed.doubles(capacity(), row, others);
  }

  Node texts(Computed.ObjectRow row, Node... others) {
    return Computed.objects(ValueType.STRING, capacity(), row, others);
  }

  Node objects(ValueType type, Computed.ObjectRow row, Node... others) {
    return Computed.objects(type, capacity(), row, others);
  }

  Node overNulls(ValueType type, Computed.ObjectRow row, Node... others) {
    return Computed.overNulls(type, capacity(), row, others);
  }
}
