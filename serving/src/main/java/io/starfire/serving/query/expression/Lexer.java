package io.starfire.serving.query.expression;

import java.util.ArrayList;
import java.util.List;

/** Cuts the text of an expression into words. Used once. */
final class Lexer {
  private static final List<String> SYMBOLS =
      List.of(
          "->", "<=", ">=", "==", "!=", "&&", "||", "(", ")", "[", "]", ",", "<", ">", "+", "-",
          "*", "/", "%", "^", "!");

  private final String text;
  private int at;

  Lexer(String text) {
    this.text = text;
  }

  List<Token> tokens() {
    List<Token> tokens = new ArrayList<>();
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        tokens.add(new Token(Token.Kind.END, "", at + 1));
        return tokens;
      }
      tokens.add(next());
    }
  }

  private Token next() {
    int start = at;
    char first = text.charAt(at);
    if (first == '\'') {
      return new Token(Token.Kind.TEXT, quoted('\''), start + 1);
    }
    if (first == '"') {
      return new Token(Token.Kind.QUOTED_NAME, quoted('"'), start + 1);
    }
    if (isDigit(first)) {
      return number();
    }
    if (isNameStart(first)) {
      while (at < text.length() && (isNameStart(text.charAt(at)) || isDigit(text.charAt(at)))) {
        at++;
      }
      return new Token(Token.Kind.NAME, text.substring(start, at), start + 1);
    }
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Token.Kind.SYMBOL, symbol, start + 1);
      }
    }
    throw Expression.fault(
        text,
        at + 1,
        "'%s' is not a part of an expression; columns with such a character in their name are written in double quotes"
            .formatted(Character.toString(text.codePointAt(at))));
  }

  private Token number() {
    int start = at;
    skipDigits();
    boolean decimal = false;
    if (at < text.length() && text.charAt(at) == '.') {
      decimal = true;
      at++;
      skipDigits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length() && "+-".indexOf(text.charAt(exponent)) >= 0) {
        exponent++;
      }
      if (exponent < text.length() && isDigit(text.charAt(exponent))) {
        decimal = true;
        at = exponent;
        skipDigits();
      }
    }
    return new Token(
        decimal ? Token.Kind.DECIMAL : Token.Kind.WHOLE, text.substring(start, at), start + 1);
  }

  private void skipDigits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  private String quoted(char quote) {
    int start = at;
    StringBuilder value = new StringBuilder();
    at++;
    while (at < text.length()) {
      char character = text.charAt(at++);
      if (character == quote) {
        return value.toString();
      }
      value.append(character == '\\' ? escaped(start) : character);
    }
    throw Expression.fault(text, start + 1, "the closing %s is missing".formatted(quote));
  }

  /** The character that an escape stands for. */
  private char escaped(int start) {
    if (at == text.length()) {
      throw Expression.fault(text, start + 1, "the text ends within an escape");
    }
    char character = text.charAt(at++);
    return switch (character) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '\'', '"', '\\', '/' -> character;
      case 'u' -> unicode();
      default ->
          throw Expression.fault(
              text,
              at - 1,
              "'\\%s' is not an escape; a backslash itself is written twice".formatted(character));
    };
  }

  private char unicode() {
    int end = at + 4;
    try {
      if (end <= text.length() && isDigitOrLetter(text.charAt(at))) {
        int code = Integer.parseInt(text.substring(at, end), 16);
        at = end;
        return (char) code;
      }
    } catch (NumberFormatException e) {
      // Reported below, like what is too short.
    }
    throw Expression.fault(text, at - 1, "'\\u' needs four hexadecimal digits after it");
  }

  private static boolean isDigitOrLetter(char c) {
    return isDigit(c) || isNameStart(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
  }
}
