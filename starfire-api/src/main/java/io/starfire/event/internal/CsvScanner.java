package io.starfire.event.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Reads delimited text record by record, after RFC 4180: a field that begins with a quote ends with
 * one, may hold delimiters and line ends, and a quote in it is written twice. Lines end with LF or
 * CR LF; the last needs no end. Not thread-safe.
 */
public final class CsvScanner {
  private final String text;
  private final char delimiter;
  private final BitSet quoted = new BitSet();
  private List<String> fields = List.of();
  private int position;
  private int line = 1;
  private int nextLine = 1;

  public CsvScanner(String text, char delimiter) {
    this.text = text;
    this.delimiter = delimiter;
  }

  /** The fields of the present record. */
  public List<String> fields() {
    return fields;
  }

  /** Whether a field of the present record was written in quotes. */
  public boolean isQuoted(int field) {
    return quoted.get(field);
  }

  /** Whether the present record is an empty line. */
  public boolean isBlankLine() {
    return fields.size() == 1 && fields.get(0).isEmpty() && !quoted.get(0);
  }

  /** Whether something follows after the present record. */
  public boolean hasMore() {
    return position < text.length();
  }

  /** The line, from 1, in which the present record begins. */
  public int line() {
    return line;
  }

  /**
   * Goes on to the next record.
   *
   * @return whether there is one
   * @throws DecodingFailure if quotes do not fit
   */
  public boolean next() {
    if (position >= text.length()) {
      return false;
    }
    line = nextLine;
    fields = new ArrayList<>(Math.max(fields.size(), 4));
    quoted.clear();
    do {
      if (position < text.length() && text.charAt(position) == '"') {
        quoted.set(fields.size());
        fields.add(quotedField());
      } else {
        fields.add(plainField());
      }
    } while (atDelimiter());
    endLine();
    return true;
  }

  private boolean atDelimiter() {
    if (position < text.length() && text.charAt(position) == delimiter) {
      position++;
      return true;
    }
    return false;
  }

  private String plainField() {
    int start = position;
    while (position < text.length() && text.charAt(position) != delimiter && !isLineEnd(position)) {
      position++;
    }
    return text.substring(start, position);
  }

  private String quotedField() {
    StringBuilder field = new StringBuilder();
    int start = position + 1;
    while (true) {
      int quote = text.indexOf('"', start);
      if (quote < 0) {
        throw new DecodingFailure("field %d has no closing quote".formatted(fields.size() + 1));
      }
      field.append(text, start, quote);
      position = quote + 1;
      if (position < text.length() && text.charAt(position) == '"') {
        field.append('"');
        start = position + 1;
      } else {
        break;
      }
    }
    if (position < text.length() && text.charAt(position) != delimiter && !isLineEnd(position)) {
      throw new DecodingFailure(
          "field %d goes on after its closing quote".formatted(fields.size() + 1));
    }
    nextLine += (int) field.chars().filter(c -> c == '\n').count();
    return field.toString();
  }

  private boolean isLineEnd(int at) {
    char c = text.charAt(at);
    return c == '\n' || (c == '\r' && (at + 1 == text.length() || text.charAt(at + 1) == '\n'));
  }

  private void endLine() {
    if (position < text.length() && text.charAt(position) == '\r') {
      position++;
    }
    if (position < text.length() && text.charAt(position) == '\n') {
      position++;
    }
    nextLine++;
  }
}
