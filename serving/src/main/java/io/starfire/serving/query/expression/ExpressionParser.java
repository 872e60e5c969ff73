package io.starfire.serving.query.expression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression by the precedence of its operators. Whatever a client sends, the tree is no
 * deeper and no larger than the limits here, so that neither reading nor computing it runs out of
 * stack. Used once.
 */
final class ExpressionParser {
  /** Of brackets, calls and the like, each of which takes several calls to read. */
  private static final int MAX_NESTING = 250;

  /** Of the tree, which a long chain of operators makes deep without nesting. */
  private static final int MAX_DEPTH = 1_000;

  private static final int MAX_TOKENS = 100_000;
  private static final Map<String, Operator> OPERATORS = operators();

  private final String text;
  private final List<Token> tokens;
  private int at;
  private int nesting;
  private int depth;

  ExpressionParser(String text) {
    this.text = text;
    this.tokens = new Lexer(text).tokens();
    if (tokens.size() > MAX_TOKENS) {
      throw Expression.fault(
          text,
          1,
          "it has %,d words; the most that are read are %,d".formatted(tokens.size(), MAX_TOKENS));
    }
  }

  private static Map<String, Operator> operators() {
    Map<String, Operator> operators = new HashMap<>();
    for (Operator operator : Operator.values()) {
      operators.put(operator.symbol(), operator);
    }
    return Map.copyOf(operators);
  }

  Term parse() {
    Term root = binary(0);
    if (peek().kind() != Token.Kind.END) {
      throw unexpected("an operator or the end");
    }
    return root;
  }

  private Token peek() {
    return tokens.get(at);
  }

  private Token take() {
    return tokens.get(at++);
  }

  /** What binds at least as tightly as asked. */
  private Term binary(int precedence) {
    enter();
    Term left = unary();
    int entered = 0;
    for (Operator operator = operator(); operator != null; operator = operator()) {
      if (operator.precedence() < precedence) {
        break;
      }
      // Each turn puts what there is a level deeper.
      deepen();
      entered++;
      int position = take().position();
      Term right = binary(operator.precedence() + (operator.fromTheRight() ? 0 : 1));
      left = new Term.Binary(position, operator, left, right);
    }
    depth -= entered;
    leave();
    return left;
  }

  private void enter() {
    deepen();
    if (++nesting > MAX_NESTING) {
      throw tooDeep("it is nested deeper than %,d levels", MAX_NESTING);
    }
  }

  private void leave() {
    nesting--;
    depth--;
  }

  private void deepen() {
    if (++depth > MAX_DEPTH) {
      throw tooDeep("it has a chain of more than %,d operators", MAX_DEPTH);
    }
  }

  private RuntimeException tooDeep(String what, int limit) {
    return Expression.fault(
        text, peek().position(), what.formatted(limit) + "; write it with less nesting");
  }

  private @Nullable Operator operator() {
    return peek().kind() == Token.Kind.SYMBOL ? OPERATORS.get(peek().text()) : null;
  }

  private Term unary() {
    Token token = peek();
    if (token.is("-")) {
      take();
      Token number = peek();
      if (number.kind() == Token.Kind.WHOLE || number.kind() == Token.Kind.DECIMAL) {
        take();
        return literal(number, "-" + number.text(), token.position());
      }
      return new Term.Negative(token.position(), nestedUnary());
    }
    if (token.is("!")) {
      take();
      return new Term.Not(token.position(), nestedUnary());
    }
    return primary();
  }

  private Term nestedUnary() {
    enter();
    Term operand = unary();
    leave();
    return operand;
  }

  private Term primary() {
    Token token = take();
    return switch (token.kind()) {
      case WHOLE, DECIMAL -> literal(token, token.text(), token.position());
      case TEXT -> new Term.Literal(token.position(), token.text());
      case QUOTED_NAME -> new Term.Name(token.position(), token.text());
      case NAME -> named(token);
      case SYMBOL -> {
        if (token.is("(")) {
          Term inner = binary(0);
          expect(")");
          yield inner;
        }
        if (token.is("[")) {
          yield array(token.position(), null);
        }
        if (token.is("<")) {
          yield typedArray(token);
        }
        at--;
        throw unexpected("a value");
      }
      case END -> {
        at--;
        throw unexpected("a value");
      }
    };
  }

  private Term named(Token token) {
    if (peek().is("(")) {
      return call(token);
    }
    return switch (token.text()) {
      case "null" -> new Term.Literal(token.position(), null);
      case "NaN", "Infinity" ->
          new Term.Literal(token.position(), Double.parseDouble(token.text()));
      case "ARRAY" -> peek().is("<") ? typedArray(take()) : name(token);
      default -> name(token);
    };
  }

  private static Term name(Token token) {
    return new Term.Name(token.position(), token.text());
  }

  private Term call(Token name) {
    expect("(");
    List<Term> arguments = new ArrayList<>();
    if (!peek().is(")")) {
      arguments.add(argument());
      while (peek().is(",")) {
        take();
        arguments.add(argument());
      }
    }
    expect(")");
    return new Term.Call(name.position(), name.text(), arguments);
  }

  private Term argument() {
    List<String> parameters = lambdaParameters();
    if (parameters == null) {
      return binary(0);
    }
    int position = peek().position();
    return new Term.Lambda(position, parameters, binary(0));
  }

  /** The parameters of the lambda that begins here, read to its arrow; null if none does. */
  private @Nullable List<String> lambdaParameters() {
    int start = at;
    List<String> parameters = new ArrayList<>();
    boolean several = peek().is("(");
    if (several) {
      take();
    }
    while (peek().kind() == Token.Kind.NAME || peek().kind() == Token.Kind.QUOTED_NAME) {
      parameters.add(take().text());
      if (!several || !peek().is(",")) {
        break;
      }
      take();
    }
    boolean closed = !several || peek().is(")");
    if (several && closed) {
      take();
    }
    if (closed && peek().is("->")) {
      take();
      return parameters;
    }
    at = start;
    return null;
  }

  private void expect(String symbol) {
    if (!peek().is(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
    take();
  }

  private RuntimeException unexpected(String wanted) {
    return Expression.fault(
        text, peek().position(), "%s was expected, not %s".formatted(wanted, peek().described()));
  }

  private Term literal(Token token, String number, int position) {
    if (token.kind() == Token.Kind.DECIMAL) {
      return new Term.Literal(position, Double.parseDouble(number));
    }
    try {
      return new Term.Literal(position, Long.parseLong(number));
    } catch (NumberFormatException e) {
      throw Expression.fault(
          text,
          position,
          "%s does not fit into 64 bits; write it with a point, as %s.0, to calculate with a double"
              .formatted(number, number));
    }
  }

  /** After {@code <}: such as {@code <LONG>[1, 2]}, also with ARRAY before it. */
  private Term typedArray(Token start) {
    Token type = take();
    Term.Element element;
    try {
      element = Term.Element.valueOf(type.text().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Expression.fault(
          text,
          type.position(),
          "the type of an array's elements is LONG, DOUBLE or STRING, not " + type.described());
    }
    expect(">");
    expect("[");
    return array(start.position(), element);
  }

  /** After {@code [}. */
  private Term array(int position, Term.@Nullable Element given) {
    List<@Nullable Object> values = new ArrayList<>();
    while (!peek().is("]")) {
      if (!values.isEmpty() && peek().is(",")) {
        take();
      }
      Token start = peek();
      Term value = nestedUnary();
      if (!(value instanceof Term.Literal literal)) {
        throw Expression.fault(
            text,
            start.position(),
            "an array in brackets holds fixed values only; use the function array");
      }
      values.add(literal.value());
    }
    take();
    Term.Element element = given == null ? elementOf(values) : given;
    List<@Nullable Object> converted = new ArrayList<>();
    for (Object value : values) {
      converted.add(converted(value, element, position));
    }
    return new Term.ArrayLiteral(position, element, converted);
  }

  private static Term.Element elementOf(List<@Nullable Object> values) {
    boolean numbers = values.stream().allMatch(value -> value == null || value instanceof Number);
    boolean none = values.stream().allMatch(value -> value == null);
    if (!numbers || none) {
      return Term.Element.STRING;
    }
    return values.stream().anyMatch(Double.class::isInstance)
        ? Term.Element.DOUBLE
        : Term.Element.LONG;
  }

  private @Nullable Object converted(@Nullable Object value, Term.Element element, int position) {
    if (value == null) {
      return null;
    }
    if (element == Term.Element.STRING && !(value instanceof Number)) {
      return value;
    }
    if (element != Term.Element.STRING && value instanceof Number number) {
      return element == Term.Element.LONG
          ? (Object) number.longValue()
          : (Object) number.doubleValue();
    }
    if (element == Term.Element.STRING) {
      return value.toString();
    }
    throw Expression.fault(
        text, position, "an array of %s cannot hold '%s'".formatted(element, value));
  }
}
