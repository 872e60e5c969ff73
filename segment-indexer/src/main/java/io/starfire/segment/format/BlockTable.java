package io.starfire.segment.format;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Where the blocks (or pages) of one kind of one column are, their checksums, and which were found
 * right. Written by one thread; once read, thread-safe: that two readers may check a block at the
 * same time does no harm.
 */
final class BlockTable {
  private static final int ENTRY_BYTES = 16;

  private final String column;
  private final String kind;
  private int count;
  private int[] offsets = new int[4];
  private int[] lengths = new int[4];
  private int[] checksums = new int[4];
  private int[] firstIds = new int[4];

  /** Set once a block was found right; a plain array, since a stale 0 only repeats the check. */
  private byte[] verified = new byte[4];

  /**
   * @param column whose blocks they are, for messages
   * @param kind what they are called in messages
   */
  BlockTable(String column, String kind) {
    this.column = column;
    this.kind = kind;
  }

  int count() {
    return count;
  }

  String column() {
    return column;
  }

  String kind() {
    return kind;
  }

  int length(int block) {
    return lengths[block];
  }

  int firstId(int block) {
    return firstIds[block];
  }

  /** Offset in the file, whether or not the block is right. */
  int uncheckedOffset(int block) {
    return offsets[block] << 3;
  }

  long totalBytes() {
    long total = 0;
    for (int i = 0; i < count; i++) {
      total += lengths[i];
    }
    return total;
  }

  /** The last block whose first id is not above {@code id}. */
  int blockOfId(int id) {
    int at = Arrays.binarySearch(firstIds, 0, count, id);
    return at >= 0 ? at : -at - 2;
  }

  /** Offset of a block in the file, after its checksum was found right at least once. */
  int offset(int block, MappedFile file) {
    if (verified[block] == 0) {
      verify(block, file);
    }
    return offsets[block] << 3;
  }

  void verify(int block, MappedFile file) {
    int offset = offsets[block] << 3;
    if (file.crc(offset, lengths[block]) != checksums[block]) {
      throw Damage.inBlock(file.path(), column, kind, block, offset, lengths[block]);
    }
    verified[block] = 1;
  }

  void add(int offset, int length, int checksum, int firstId) {
    if (count == offsets.length) {
      resize(count * 2);
    }
    offsets[count] = offset >>> 3;
    lengths[count] = length;
    checksums[count] = checksum;
    firstIds[count++] = firstId;
  }

  void write(ByteSink out) {
    out.putInt(count);
    for (int i = 0; i < count; i++) {
      out.putInt(offsets[i]);
      out.putInt(lengths[i]);
      out.putInt(checksums[i]);
      out.putInt(firstIds[i]);
    }
  }

  static BlockTable read(ByteBuffer in, String column, String kind) {
    BlockTable table = new BlockTable(column, kind);
    int count = in.getInt();
    if (count < 0 || count > in.remaining() / ENTRY_BYTES) {
      throw new IllegalArgumentException(
          "a table of %d blocks does not fit %d bytes".formatted(count, in.remaining()));
    }
    table.resize(count);
    for (int i = 0; i < count; i++) {
      table.offsets[i] = in.getInt();
      table.lengths[i] = in.getInt();
      table.checksums[i] = in.getInt();
      table.firstIds[i] = in.getInt();
    }
    table.count = count;
    return table;
  }

  private void resize(int capacity) {
    offsets = Arrays.copyOf(offsets, capacity);
    lengths = Arrays.copyOf(lengths, capacity);
    checksums = Arrays.copyOf(checksums, capacity);
    firstIds = Arrays.copyOf(firstIds, capacity);
    verified = Arrays.copyOf(verified, capacity);
  }
}
