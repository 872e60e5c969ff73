package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * One user's hold on a mapped file. Columns ask it before they read, so that reading after closing
 * is an error and not the end of the process. It has to be closed by, or after, the last thread
 * that reads through it. Thread-safe.
 */
final class Handle {
  private final MappedFile file;
  private volatile boolean closed;

  /** Takes over a reference on the file. */
  Handle(MappedFile file) {
    this.file = file;
  }

  /** The file, which stays mapped as long as this is open. */
  MappedFile file() {
    if (closed) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "segment file %s was read after it was closed".formatted(file.path()));
    }
    return file;
  }

  void close() {
    boolean first;
    synchronized (this) {
      first = !closed;
      closed = true;
    }
    if (first) {
      file.release();
    }
  }
}
