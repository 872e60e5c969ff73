package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/** Encoding 7: bytes of any length, as the starts of the rows' bytes and all bytes. Stateless. */
final class ByteBlocks {
  static final int NUMBER = 7;
  private static final int MAX_BYTES = 1 << 29;

  private ByteBlocks() {}

  /** Appends a block; a null is as long as nothing, and has its bit. */
  static void encode(byte[][] values, int rows, boolean[] nulls, String column, ByteSink out) {
    long total = 0;
    long[] starts = new long[rows + 1];
    for (int row = 0; row < rows; row++) {
      total += values[row] == null ? 0 : values[row].length;
      starts[row + 1] = total;
    }
    if (total > MAX_BYTES) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "column '%s' has %,d bytes in %,d rows; at most %,d can be stored, so make the sketches smaller"
              .formatted(column, total, rows, MAX_BYTES));
    }
    ByteSink nested = new ByteSink();
    LongBlocks.encode(starts, rows + 1, null, nested);
    LongEncoding.header(out, NUMBER, 0, 0, rows, total, nested.length(), nulls);
    out.putBytes(nested.array(), 0, nested.length());
    for (int row = 0; row < rows; row++) {
      if (values[row] != null) {
        out.putBytes(values[row], 0, values[row].length);
      }
    }
    out.align();
  }

  /** Reads the bytes of some rows of a block; nulls are null. */
  static void decode(MappedFile file, Block block, int from, int count, byte[][] out, int outAt) {
    long[] starts = new long[count + 1];
    Block ends = new Block(file, block.payload);
    LongEncoding.of(ends.encoding).decode(ends, from, count + 1, starts, 0);
    boolean[] nulls = new boolean[count];
    block.readNulls(from, count, nulls, 0);
    int bytesAt = block.payload + (int) block.parameter;
    for (int i = 0; i < count; i++) {
      byte[] value = null;
      if (!nulls[i]) {
        value = new byte[(int) (starts[i + 1] - starts[i])];
        file.bytes().get(bytesAt + (int) starts[i], value);
      }
      out[outAt + i] = value;
    }
  }
}
