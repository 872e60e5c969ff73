package io.starfire.segment.format;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * The header of a data block, read from mapped bytes whose checksum was found right. Immutable; a
 * short-lived value, one for each read.
 */
final class Block {
  static final int HAS_NULLS = 1;

  final ByteBuffer data;
  final LongBuffer longs;

  /** Where the payload starts, in bytes from the start of the file. */
  final int payload;

  final int encoding;
  final int width;
  final int scale;
  final int rows;
  final long base;
  final long parameter;

  /** Where the null bits start, or -1 if no row is null. */
  private final int nulls;

  Block(MappedFile file, int at) {
    data = file.bytes();
    longs = file.longs();
    encoding = data.get(at);
    width = data.get(at + 1);
    scale = data.get(at + 3);
    rows = data.getInt(at + 4);
    base = data.getLong(at + 8);
    parameter = data.getLong(at + 16);
    int afterHeader = at + SegmentFormat.BLOCK_HEADER_BYTES;
    if ((data.get(at + 2) & HAS_NULLS) != 0) {
      nulls = afterHeader;
      payload = afterHeader + nullBytes(rows);
    } else {
      nulls = -1;
      payload = afterHeader;
    }
  }

  static int nullBytes(int rows) {
    return (rows + 63) / 64 * 8;
  }

  void readNulls(int from, int count, boolean[] out, int outAt) {
    for (int i = 0; i < count; i++) {
      int row = from + i;
      out[outAt + i] = nulls >= 0 && (data.getLong(nulls + (row >>> 6 << 3)) >>> row & 1) != 0;
    }
  }
}
