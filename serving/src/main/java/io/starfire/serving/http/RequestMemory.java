package io.starfire.serving.http;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * The memory of all queries that are read or run, for their texts: a list of a million short values
 * takes far more than the bytes that it was sent in. Thread-safe.
 */
final class RequestMemory {
  /**
   * Memory that a byte of JSON may become: of {@code "a",} a tree, a text and an entry of a set.
   */
  private static final int BYTES_OF_A_BYTE = 32;

  private final long limitBytes;
  private long usedBytes;

  RequestMemory(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** A quarter of what the heap may grow to. */
  static RequestMemory ofHeap() {
    return new RequestMemory(Runtime.getRuntime().maxMemory() / 4);
  }

  /** What one request holds until it is closed. Used by one thread. */
  final class Hold implements AutoCloseable {
    private long held;

    private Hold() {}

    /** The body is read, and has this length. */
    void isRead(long length) {
      take(length * BYTES_OF_A_BYTE - held, length);
    }

    private void take(long bytes, long length) {
      synchronized (RequestMemory.this) {
        if (bytes > 0 && usedBytes + bytes > limitBytes) {
          throw new StarfireException(
              ErrorCode.CAPACITY_EXCEEDED,
              "other queries with long texts are running, and there is no memory for one of %d bytes beside them; try again later"
                  .formatted(length));
        }
        usedBytes += bytes;
        held += bytes;
      }
    }

    @Override
    public void close() {
      take(-held, 0);
    }
  }

  /**
   * Takes memory for a request before its body is read.
   *
   * @param length of the body; below 0 if it is not known: then only the bytes are held until it is
   * @param maxLength of any body
   * @throws StarfireException with REQUEST_TOO_LARGE if there is never so much; with
   *     CAPACITY_EXCEEDED if other requests hold it
   */
  Hold hold(long length, int maxLength) {
    long largest = Math.min(maxLength, limitBytes / BYTES_OF_A_BYTE);
    if (length > largest) {
      throw new StarfireException(
          ErrorCode.REQUEST_TOO_LARGE,
          "the body of a query may have at most %d bytes here; this one has %d"
              .formatted(largest, length));
    }
    Hold hold = new Hold();
    hold.take(length < 0 ? maxLength : length * BYTES_OF_A_BYTE, length < 0 ? maxLength : length);
    return hold;
  }
}
