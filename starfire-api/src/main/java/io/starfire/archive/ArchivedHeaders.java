package io.starfire.archive;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.RawRecord.Header;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The headers of a record as bytes: first their number (int32), then for each header the length of
 * its name in bytes (int32), the name in UTF-8, the length of its value in bytes or -1 for null
 * (int32), and the value. All numbers are big-endian. Stateless; thread-safe.
 */
public final class ArchivedHeaders {
  private static final int NULL = -1;

  private ArchivedHeaders() {}

  /** The bytes of the headers, in their order; null if there are none. */
  public static byte[] encode(List<Header> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(headers.size());
      for (Header header : headers) {
        byte[] name = header.name().getBytes(StandardCharsets.UTF_8);
        out.writeInt(name.length);
        out.write(name);
        out.writeInt(header.value() == null ? NULL : header.value().length);
        if (header.value() != null) {
          out.write(header.value());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The headers in {@code bytes}, which is null if there are none.
   *
   * @throws StarfireException with CORRUPT if the bytes are not headers
   */
  public static List<Header> decode(byte[] bytes) {
    if (bytes == null) {
      return List.of();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    List<Header> headers = new ArrayList<>();
    try {
      int count = in.getInt();
      for (int i = 0; i < count; i++) {
        String name = new String(take(in, in.getInt()), StandardCharsets.UTF_8);
        int length = in.getInt();
        headers.add(new Header(name, length == NULL ? null : take(in, length)));
      }
    } catch (BufferUnderflowException e) {
      throw corrupt(bytes, "they end early", e);
    }
    if (in.hasRemaining()) {
      throw corrupt(bytes, in.remaining() + " follow after the last header", null);
    }
    return headers;
  }

  private static byte[] take(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static StarfireException corrupt(byte[] bytes, String why, Exception cause) {
    return new StarfireException(
        ErrorCode.CORRUPT,
        "%d bytes are not the headers of an archived record: %s".formatted(bytes.length, why),
        cause);
  }
}
