package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a text file as ranges of a buffer, without making objects of them. Lines end with LF
 * or CR LF; the last needs no end. A byte order mark is skipped. Not thread-safe.
 */
final class LineReader implements Closeable {
  private static final int INITIAL_BYTES = 1 << 20;
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final String name;
  private final int maxLineBytes;
  private byte[] buffer = new byte[INITIAL_BYTES];
  private int filled;
  private int next;
  private int start;
  private int length;
  private long line;
  private boolean ended;

  /**
   * @param name of the file, for messages
   * @param maxLineBytes a longer line ends the reading
   */
  LineReader(InputStream in, String name, int maxLineBytes) {
    this.in = in;
    this.name = name;
    this.maxLineBytes = maxLineBytes;
  }

  /** Goes on to the next line; false if there is none. */
  boolean next() throws IOException {
    int scanned = next;
    while (true) {
      for (int i = scanned; i < filled; i++) {
        if (buffer[i] == '\n') {
          take(i, i + 1);
          return true;
        }
      }
      int unfinished = filled - next;
      if (ended || !fill()) {
        boolean rest = filled > next;
        if (rest) {
          take(filled, filled);
        }
        return rest;
      }
      scanned = unfinished;
    }
  }

  byte[] buffer() {
    return buffer;
  }

  /** Where the present line begins in {@link #buffer()}. */
  int start() {
    return start;
  }

  /** Bytes of the present line, without its end. */
  int length() {
    return length;
  }

  /** Number of the present line, from 1. */
  long line() {
    return line;
  }

  /** Whether the present line holds nothing but spaces and tabs. */
  boolean isBlank() {
    for (int i = start; i < start + length; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t') {
        return false;
      }
    }
    return true;
  }

  private void take(int end, int nextStart) {
    start = next;
    length = (end > start && buffer[end - 1] == '\r' ? end - 1 : end) - start;
    if (line == 0 && startsWithMark()) {
      start += BYTE_ORDER_MARK.length;
      length -= BYTE_ORDER_MARK.length;
    }
    next = nextStart;
    line++;
  }

  private boolean startsWithMark() {
    int mark = BYTE_ORDER_MARK.length;
    return length >= mark && Arrays.equals(buffer, start, start + mark, BYTE_ORDER_MARK, 0, mark);
  }

  /** Moves what is left to the front and reads on; false at the end of the file. */
  private boolean fill() throws IOException {
    int left = filled - next;
    if (left > maxLineBytes) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "line %,d of %s is longer than %,d bytes; check that the file has one row on a line"
              .formatted(line + 1, name, maxLineBytes));
    }
    byte[] target = left * 2 > buffer.length ? new byte[buffer.length * 2] : buffer;
    System.arraycopy(buffer, next, target, 0, left);
    buffer = target;
    next = 0;
    filled = left;
    int read = in.read(buffer, filled, buffer.length - filled);
    ended = read < 0;
    filled += Math.max(read, 0);
    return !ended;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
