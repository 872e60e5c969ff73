package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * A mapped segment file whose header, footer and metadata were found right. Shared by all handles
 * on it. Thread-safe.
 */
final class SegmentFile {
  private static final int VERSION_AT = 8;

  private final MappedFile file;
  private final Metadata metadata;
  private final int metadataOffset;

  private SegmentFile(MappedFile file, Metadata metadata, int metadataOffset) {
    this.file = file;
    this.metadata = metadata;
    this.metadataOffset = metadataOffset;
  }

  static SegmentFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      return open(file);
    } catch (RuntimeException e) {
      file.release();
      throw e;
    }
  }

  private static SegmentFile open(MappedFile file) {
    int size = file.size();
    int least = SegmentFormat.HEADER_BYTES + SegmentFormat.FOOTER_BYTES;
    if (size < least || size % 8 != 0) {
      throw Damage.inFile(
          file.path(), "it has %d bytes, which no whole segment file has".formatted(size));
    }
    checkHeader(file);
    int footer = size - SegmentFormat.FOOTER_BYTES;
    ByteBuffer bytes = file.bytes();
    if (bytes.getInt(footer + 28) != SegmentFormat.END_MAGIC
        || file.crc(footer, 24) != bytes.getInt(footer + 24)) {
      throw Damage.inFile(
          file.path(), "its footer does not match its checksum, or its end is cut off");
    }
    if (bytes.getLong(footer + 16) != size) {
      throw Damage.inFile(
          file.path(),
          "it has %d bytes, and its footer says %d".formatted(size, bytes.getLong(footer + 16)));
    }
    long offset = bytes.getLong(footer);
    int length = bytes.getInt(footer + 8);
    if (offset < SegmentFormat.HEADER_BYTES || length < 0 || offset + length != footer) {
      throw Damage.inFile(
          file.path(), "its metadata is not at %d to %d".formatted(offset, offset + length));
    }
    if (file.crc((int) offset, length) != bytes.getInt(footer + 12)) {
      throw Damage.inFile(
          file.path(),
          "its metadata (bytes %d to %d) does not match its checksum"
              .formatted(offset, offset + length));
    }
    try {
      Metadata metadata =
          Metadata.read(
              bytes.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN),
              bytes.getInt(VERSION_AT));
      return new SegmentFile(file, metadata, (int) offset);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "segment file %s has metadata that cannot be read: %s".formatted(file.path(), e),
          e);
    }
  }

  private static void checkHeader(MappedFile file) {
    ByteBuffer bytes = file.bytes();
    if (bytes.getLong(0) != SegmentFormat.MAGIC) {
      throw Damage.inFile(file.path(), "its first 8 bytes are not those of a segment file");
    }
    if (file.crc(0, 28) != bytes.getInt(28)) {
      throw Damage.inFile(file.path(), "its header does not match its checksum");
    }
    int version = bytes.getInt(VERSION_AT);
    int blockRows = bytes.getInt(12);
    if (version < SegmentFormat.OLDEST_VERSION
        || version > SegmentFormat.VERSION
        || blockRows != SegmentFormat.BLOCK_ROWS) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "segment file %s has format version %d with blocks of %d rows; this program reads versions %d to %d with %d"
              .formatted(
                  file.path(),
                  version,
                  blockRows,
                  SegmentFormat.OLDEST_VERSION,
                  SegmentFormat.VERSION,
                  SegmentFormat.BLOCK_ROWS));
    }
  }

  MappedFile file() {
    return file;
  }

  /** Version of the format. */
  int version() {
    return file.bytes().getInt(VERSION_AT);
  }

  Metadata metadata() {
    return metadata;
  }

  int metadataOffset() {
    return metadataOffset;
  }

  /** Checks every block, and that blocks and pages leave no byte between them. */
  void verify() {
    long covered = 0;
    for (ColumnDirectory column : metadata.columns()) {
      for (BlockTable table : column.tables()) {
        for (int block = 0; block < table.count(); block++) {
          table.verify(block, file);
          covered += table.length(block);
        }
      }
    }
    int expected = metadataOffset - SegmentFormat.HEADER_BYTES;
    if (covered != expected) {
      throw Damage.inFile(
          file.path(), "its blocks cover %d of %d bytes".formatted(covered, expected));
    }
  }
}
