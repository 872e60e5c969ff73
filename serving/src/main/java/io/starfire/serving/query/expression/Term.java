package io.starfire.serving.query.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A part of an expression. Immutable. */
public sealed interface Term {
  /** Where it begins in the expression's text: 1 is the first character. */
  int position();

  /**
   * A fixed value.
   *
   * @param value null, a Long, a Double or a String
   */
  record Literal(int position, @Nullable Object value) implements Term {}

  /**
   * A fixed array.
   *
   * @param element of the values
   * @param values Longs, Doubles or Strings, as the element says; some may be null
   */
  record ArrayLiteral(int position, Element element, List<@Nullable Object> values)
      implements Term {
    public ArrayLiteral {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /** The types of the elements of a fixed array. */
  enum Element {
    LONG,
    DOUBLE,
    STRING
  }

  /** The value of a column, or of a parameter of the lambda that it stands in. */
  record Name(int position, String name) implements Term {}

  /** The opposite of a number. */
  record Negative(int position, Term operand) implements Term {}

  /** The opposite of a truth value. */
  record Not(int position, Term operand) implements Term {}

  /**
   * Two operands.
   *
   * @param position of the operator
   */
  record Binary(int position, Operator operator, Term left, Term right) implements Term {}

  /** A call of a function. */
  record Call(int position, String function, List<Term> arguments) implements Term {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** A function without a name, which stands as an argument of a function. */
  record Lambda(int position, List<String> parameters, Term body) implements Term {
    public Lambda {
      parameters = List.copyOf(parameters);
    }
  }

  /** Whether a function of this name is called anywhere in it. */
  static boolean calls(Term term, String function) {
    if (term instanceof Negative negative) {
      return calls(negative.operand, function);
    }
    if (term instanceof Not not) {
      return calls(not.operand, function);
    }
    if (term instanceof Binary binary) {
      return calls(binary.left, function) || calls(binary.right, function);
    }
    if (term instanceof Lambda lambda) {
      return calls(lambda.body, function);
    }
    return term instanceof Call call
        && (call.function.equalsIgnoreCase(function)
            || call.arguments.stream().anyMatch(argument -> calls(argument, function)));
  }

  /** Adds the names of the columns that are read. */
  static void collectColumns(Term term, Set<String> columns) {
    if (term instanceof Name name) {
      columns.add(name.name);
    } else if (term instanceof Negative negative) {
      collectColumns(negative.operand, columns);
    } else if (term instanceof Not not) {
      collectColumns(not.operand, columns);
    } else if (term instanceof Binary binary) {
      collectColumns(binary.left, columns);
      collectColumns(binary.right, columns);
    } else if (term instanceof Call call) {
      call.arguments.forEach(argument -> collectColumns(argument, columns));
    } else if (term instanceof Lambda lambda) {
      Set<String> inner = new LinkedHashSet<>();
      collectColumns(lambda.body, inner);
      lambda.parameters.forEach(inner::remove);
      columns.addAll(inner);
    }
  }
}
