package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;

/**
 * A file in memory, read-only, with a count of those who use it; the last one to {@link #release()}
 * it unmaps it. Reading it without holding a reference may end the process, which is why readers
 * check. Thread-safe.
 */
final class MappedFile {
  private final Path path;
  private final MappedByteBuffer mapped;
  private final ByteBuffer bytes;
  private final LongBuffer longs;
  private final DoubleBuffer doubles;
  private final AtomicInteger references = new AtomicInteger(1);

  private MappedFile(Path path, MappedByteBuffer mapped) {
    this.path = path;
    this.mapped = mapped;
    this.bytes = mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    this.longs = bytes.asLongBuffer();
    this.doubles = bytes.asDoubleBuffer();
  }

  /** Maps a whole file of at most {@link SegmentFormat#MAX_FILE_BYTES}, with one reference. */
  static MappedFile open(Path path) {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size > SegmentFormat.MAX_FILE_BYTES) {
        throw new StarfireException(
            ErrorCode.CAPACITY_EXCEEDED,
            "segment file %s has %,d bytes; at most %,d can be read, so write more partitions"
                .formatted(path, size, SegmentFormat.MAX_FILE_BYTES));
      }
      return new MappedFile(path, channel.map(FileChannel.MapMode.READ_ONLY, 0, size));
    } catch (java.nio.file.NoSuchFileException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND, "segment file %s does not exist".formatted(path), e);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "segment file %s cannot be read: %s".formatted(path, IoFailure.reason(e)),
          e);
    }
  }

  Path path() {
    return path;
  }

  int size() {
    return bytes.capacity();
  }

  ByteBuffer bytes() {
    return bytes;
  }

  /** The file as longs; an index is an offset over 8. */
  LongBuffer longs() {
    return longs;
  }

  /** The file as doubles; an index is an offset over 8. */
  DoubleBuffer doubles() {
    return doubles;
  }

  int crc(int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(offset, length));
    return (int) crc.getValue();
  }

  /** Takes a further reference; false if the file has been unmapped. */
  boolean retain() {
    int held;
    do {
      held = references.get();
      if (held == 0) {
        return false;
      }
    } while (!references.compareAndSet(held, held + 1));
    return true;
  }

  /** Gives a reference back, and unmaps after the last. */
  void release() {
    if (references.decrementAndGet() == 0) {
      Unmapper.unmap(mapped);
    }
  }
}
