package io.starfire.segment.ingest;

/**
 * Finds the fields of one line in its bytes. A field in quotes that has doubled quotes inside is
 * copied; all others stay where they are. Not thread-safe.
 */
final class FieldScanner {
  private final byte delimiter;
  private final boolean quotes;
  private final byte[][] sources;
  private final int[] froms;
  private final int[] tos;
  private final boolean[] quoted;
  private int count;

  FieldScanner(char delimiter, boolean quotes, int columns) {
    this.delimiter = (byte) delimiter;
    this.quotes = quotes;
    this.sources = new byte[columns][];
    this.froms = new int[columns];
    this.tos = new int[columns];
    this.quoted = new boolean[columns];
  }

  boolean isNull(int field) {
    return froms[field] == tos[field] && !quoted[field];
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

  /** Scans a line without its end, which must have as many fields as there are columns. */
  void scan(byte[] bytes, int from, int end) {
    if (count(bytes, from, end) != froms.length) {
      throw RejectedRecordException.undecodable(
          "the line has %d fields where there are %d columns".formatted(count, froms.length));
    }
  }

  /** Scans a line without its end, and returns how many fields it has. */
  int count(byte[] bytes, int from, int end) {
    count = 0;
    int at = from;
    while (true) {
      int next;
      if (quotes && at < end && bytes[at] == '"') {
        next = quotedField(bytes, at, end);
      } else {
        next = at;
        while (next < end && bytes[next] != delimiter) {
          next++;
        }
        add(bytes, at, next, false);
      }
      if (next == end) {
        break;
      }
      at = next + 1;
    }
    return count;
  }

  /** Returns where the delimiter after the field is, or the end. */
  private int quotedField(byte[] bytes, int open, int end) {
    int at = open + 1;
    int doubled = 0;
    while (true) {
      while (at < end && bytes[at] != '"') {
        at++;
      }
      if (at == end) {
        throw RejectedRecordException.undecodable(
            "a quote in field %d is not closed on the line".formatted(count + 1));
      }
      if (at + 1 < end && bytes[at + 1] == '"') {
        doubled++;
        at += 2;
      } else {
        break;
      }
    }
    if (at + 1 < end && bytes[at + 1] != delimiter) {
      throw RejectedRecordException.undecodable(
          "something follows after the closing quote of field %d".formatted(count + 1));
    }
    if (doubled == 0) {
      add(bytes, open + 1, at, true);
    } else {
      byte[] copy = withoutDoubledQuotes(bytes, open + 1, at, doubled);
      add(copy, 0, copy.length, true);
    }
    return at + 1;
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
    if (count < froms.length) {
      sources[count] = source;
      froms[count] = from;
      tos[count] = to;
      quoted[count] = inQuotes;
    }
    count++;
  }
}
