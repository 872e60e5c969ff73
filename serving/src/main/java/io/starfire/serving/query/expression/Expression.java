package io.starfire.serving.query.expression;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An expression of a query, such as {@code timestamp_floor(__time, 'PT1H')}. Immutable.
 *
 * @param text as the query gave it
 * @param root what it says
 */
public record Expression(String text, Term root) {
  /** Characters that a message quotes. */
  private static final int MAX_QUOTED = 100;

  /**
   * Reads an expression.
   *
   * @throws StarfireException with INVALID_INPUT if it is malformed, naming the place
   */
  public static Expression parse(String text) {
    return new Expression(text, new ExpressionParser(text).parse());
  }

  /** Whether it is true, as 1, 0 or null. */
  public Expression asTruth() {
    int position = root.position();
    return new Expression(text, new Term.Not(position, new Term.Not(position, root)));
  }

  /** The columns that it reads. */
  public Set<String> columns() {
    Set<String> columns = new LinkedHashSet<>();
    Term.collectColumns(root, columns);
    return columns;
  }

  /** Whether it calls a function of this name, in upper or lower case. */
  public boolean calls(String function) {
    return Term.calls(root, function);
  }

  /** The error for a fault at a place of the text. */
  public StarfireException fault(int position, String what) {
    return fault(text, position, what);
  }

  /** By the text, so that a deep tree is not walked. Its truth is another expression. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Expression expression
        && text.equals(expression.text)
        && root.getClass().equals(expression.root.getClass());
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  static StarfireException fault(String text, int position, String what) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the expression '%s', character %d: %s".formatted(quoted(text, position), position, what));
  }

  /** The text, or of a long one what surrounds the place. */
  private static String quoted(String text, int position) {
    if (text.length() <= MAX_QUOTED) {
      return text;
    }
    int from = Math.max(0, Math.min(position - MAX_QUOTED / 2, text.length() - MAX_QUOTED));
    int to = Math.min(text.length(), from + MAX_QUOTED);
    return (from > 0 ? "..." : "") + text.substring(from, to) + (to < text.length() ? "..." : "");
  }
}
