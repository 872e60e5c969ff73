package io.starfire.serving.query.expression;

/**
 * A word of an expression.
 *
 * @param text of a text or a quoted name without its quotes and escapes; else as it stands
 * @param position of its first character, counted from 1
 */
record Token(Kind kind, String text, int position) {
  enum Kind {
    NAME,
    QUOTED_NAME,
    WHOLE,
    DECIMAL,
    TEXT,
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** For messages. */
  String described() {
    return kind == Kind.END ? "the end" : "'" + text + "'";
  }
}
