package io.starfire.serving.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer, whose beginning is held back: as long as it is short, an error can still
 * take its place. Beyond that it is sent as it is written. Not thread-safe.
 */
final class HeldBackStream extends OutputStream {
  private final Context context;
  private final byte[] held;
  private int size;
  private @Nullable OutputStream sending;

  /**
   * @param heldBytes that are held back at most
   */
  HeldBackStream(Context context, int heldBytes) {
    this.context = context;
    this.held = new byte[heldBytes];
  }

  /** Whether something was sent, so that it is too late for an error. */
  boolean isSending() {
    return sending != null;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (sending == null && length <= held.length - size) {
      System.arraycopy(bytes, offset, held, size, length);
      size += length;
    } else {
      send().write(bytes, offset, length);
    }
  }

  /** Sends what is still held back. */
  void finish() throws IOException {
    send().flush();
  }

  private OutputStream send() throws IOException {
    OutputStream out = sending;
    if (out == null) {
      out = context.outputStream();
      sending = out;
      out.write(held, 0, size);
    }
    return out;
  }
}
