package io.starfire.serving.query.expression;

/** The operators between two operands, and how tightly they bind. */
public enum Operator {
  OR("||", 1),
  AND("&&", 1),
  LESS("<", 2),
  AT_MOST("<=", 2),
  MORE(">", 2),
  AT_LEAST(">=", 2),
  EQUAL("==", 2),
  NOT_EQUAL("!=", 2),
  PLUS("+", 3),
  MINUS("-", 3),
  TIMES("*", 4),
  DIVIDED_BY("/", 4),
  MODULO("%", 4),
  POWER("^", 5);

  private final String symbol;
  private final int precedence;

  Operator(String symbol, int precedence) {
    this.symbol = symbol;
    this.precedence = precedence;
  }

  public String symbol() {
    return symbol;
  }

  /** The larger binds tighter. Those of one precedence are read from the left, except powers. */
  int precedence() {
    return precedence;
  }

  boolean fromTheRight() {
    return this == POWER;
  }

  /** Whether the result is a truth value. */
  public boolean isComparison() {
    return precedence == 2;
  }
}
