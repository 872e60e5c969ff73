package io.starfire.segment.format;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A segment file being written, under a temporary name beside its final one. {@link #commit} gives
 * it its name; closing without that deletes it. Not thread-safe.
 */
final class SegmentOutput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path target;
  private final Path temporary;
  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long position;

  SegmentOutput(Path target) {
    this.target = target;
    this.temporary = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      this.channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE,
              StandardOpenOption.READ);
    } catch (IOException e) {
      throw failed(e);
    }
    ByteSink header = new ByteSink();
    header.putLong(SegmentFormat.MAGIC);
    header.putInt(SegmentFormat.VERSION);
    header.putInt(SegmentFormat.BLOCK_ROWS);
    header.reserve(12);
    header.putInt(crc(header.array(), header.length()));
    write(header);
  }

  /** Writes a block, padded to a multiple of 8 bytes, and enters it in a table. */
  void append(ByteSink block, BlockTable table, int firstId) {
    block.align();
    int offset = (int) position;
    write(block);
    table.add(offset, block.length(), crc(block.array(), block.length()), firstId);
  }

  /** Makes what was written so far readable; the caller releases it. */
  MappedFile mapWritten() {
    flush();
    return MappedFile.open(temporary);
  }

  /** Writes metadata and footer, and gives the file its final name, replacing what has it. */
  long commit(Metadata metadata, boolean durable) {
    ByteSink bytes = new ByteSink();
    metadata.write(bytes);
    long offset = position;
    write(bytes);
    ByteSink footer = new ByteSink();
    footer.putLong(offset);
    footer.putInt(bytes.length());
    footer.putInt(crc(bytes.array(), bytes.length()));
    footer.putLong(position + SegmentFormat.FOOTER_BYTES);
    footer.putInt(crc(footer.array(), footer.length()));
    footer.putInt(SegmentFormat.END_MAGIC);
    write(footer);
    flush();
    try {
      if (durable) {
        channel.force(true);
      }
      channel.close();
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      if (durable) {
        syncDirectory(target);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    return position;
  }

  /** Makes a new name in a directory survive a power cut. */
  private static void syncDirectory(Path file) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private void write(ByteSink bytes) {
    if (position + bytes.length() > SegmentFormat.MAX_FILE_BYTES) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "segment file %s would pass %,d bytes; spread its rows over more partitions"
              .formatted(target, SegmentFormat.MAX_FILE_BYTES));
    }
    int done = 0;
    while (done < bytes.length()) {
      int length = Math.min(bytes.length() - done, buffer.remaining());
      buffer.put(bytes.array(), done, length);
      done += length;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
    position += bytes.length();
  }

  private void flush() {
    buffer.flip();
    try {
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      throw failed(e);
    }
    buffer.clear();
  }

  private StarfireException failed(IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "segment file %s cannot be written: %s".formatted(target, IoFailure.reason(e)),
        e);
  }

  private static int crc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }
}
