package io.starfire.decoding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds the fields of one line in its bytes. Lines end with LF or CR LF; the last line needs no
 * end. Only a field with doubled quotes inside is copied; the others are read in place. Not
 * thread-safe.
 */
public final class DelimitedLine {
  private final byte delimiter;
  private final boolean quotes;
  private byte[][] sources;
  private int[] froms;
  private int[] tos;
  private boolean[] quoted;
  private int count;
  private boolean ascii;

  /**
   * Reads lines of one format.
   *
   * @param columns expected number of fields; a line may have more or fewer
   */
  public DelimitedLine(char delimiter, boolean quotes, int columns) {
    this.delimiter = (byte) delimiter;
    this.quotes = quotes;
    this.sources = new byte[columns][];
    this.froms = new int[columns];
    this.tos = new int[columns];
    this.quoted = new boolean[columns];
  }

  /** The fields of one line, such as a header, without blanks at their ends. */
  public static List<String> names(
      byte[] bytes, int from, int end, char delimiter, boolean quotes) {
    DelimitedLine line = new DelimitedLine(delimiter, quotes, 16);
    if (line.scan(bytes, from, end) < end) {
      throw new DecodingFailure("more than one line was found");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < line.count; i++) {
      names.add(line.text(i).strip());
    }
    return names;
  }

  /** The number of fields of the line that was scanned last. */
  public int count() {
    return count;
  }

  /** Whether a field is empty and was not written in quotes. */
  public boolean isEmpty(int field) {
    return froms[field] == tos[field] && !quoted[field];
  }

  /** Whether all bytes of the line that was scanned last are ASCII characters. */
  boolean isAscii() {
    return ascii;
  }

  byte[] bytes(int field) {
    return sources[field];
  }

  int from(int field) {
    return froms[field];
  }

  int to(int field) {
    return tos[field];
  }

  /** The text of a field. */
  public String text(int field) {
    return Utf8Text.decode(sources[field], froms[field], tos[field]);
  }

  /**
   * Finds the fields of a line.
   *
   * @param from start of the line, inclusive
   * @param end end of the bytes, exclusive
   * @return the start of the next line; {@code end} after the last one
   * @throws DecodingFailure if a quote is missing or in the wrong place
   */
  public int scan(byte[] bytes, int from, int end) {
    count = 0;
    int at = from;
    while (true) {
      int next;
      if (quotes && at < end && bytes[at] == '"') {
        next = quotedField(bytes, at, end);
      } else {
        next = Utf8Text.indexOf(bytes, at, end, delimiter, (byte) '\n');
        boolean cut = next > at && bytes[next - 1] == '\r' && (next == end || bytes[next] == '\n');
        add(bytes, at, cut ? next - 1 : next, false);
      }
      if (next == end || bytes[next] == '\n') {
        ascii = Utf8Text.isAscii(bytes, from, next);
        return Math.min(next + 1, end);
      }
      at = next + 1;
    }
  }

  /** Returns where the delimiter or the line end after the field is, or the end. */
  private int quotedField(byte[] bytes, int open, int end) {
    int at = open + 1;
    int doubled = 0;
    while (true) {
      while (at < end && bytes[at] != '"') {
        at++;
      }
      if (at == end) {
        throw new DecodingFailure("field %d has no closing quote".formatted(count + 1));
      }
      if (at + 1 < end && bytes[at + 1] == '"') {
        doubled++;
        at += 2;
      } else {
        break;
      }
    }
    int next = at + 1;
    if (next < end && bytes[next] == '\r' && (next + 1 == end || bytes[next + 1] == '\n')) {
      next++;
    }
    if (next < end && bytes[next] != delimiter && bytes[next] != '\n') {
      throw new DecodingFailure("field %d goes on after its closing quote".formatted(count + 1));
    }
    if (doubled == 0) {
      add(bytes, open + 1, at, true);
    } else {
      byte[] copy = withoutDoubledQuotes(bytes, open + 1, at, doubled);
      add(copy, 0, copy.length, true);
    }
    return next;
  }

  private static byte[] withoutDoubledQuotes(byte[] bytes, int from, int to, int doubled) {
    byte[] copy = new byte[to - from - doubled];
    int length = 0;
    for (int i = from; i < to; i++) {
      copy[length++] = bytes[i];
      i += bytes[i] == '"' ? 1 : 0;
    }
    return copy;
  }

  private void add(byte[] source, int from, int to, boolean inQuotes) {
    if (count == froms.length) {
      int more = Math.max(4, count * 2);
      sources = Arrays.copyOf(sources, more);
      froms = Arrays.copyOf(froms, more);
      tos = Arrays.copyOf(tos, more);
      quoted = Arrays.copyOf(quoted, more);
    }
    sources[count] = source;
    froms[count] = from;
    tos[count] = to;
    quoted[count] = inQuotes;
    count++;
  }
}
