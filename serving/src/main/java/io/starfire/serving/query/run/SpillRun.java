package io.starfire.serving.query.run;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import io.starfire.serving.query.partial.SlicedPartial;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The slices of merged groups, in one file: each as {@link PartialCodec} writes it, with its
 * checksum. Slices may be written and read by several threads at once.
 */
final class SpillRun implements AutoCloseable {
  private final SpillSpace space;
  private final Path file;
  private final FileChannel channel;
  private final AtomicLong end = new AtomicLong();
  private final long[] offsets = new long[SlicedPartial.SLICES];
  private final int[] lengths = new int[SlicedPartial.SLICES];

  private SpillRun(SpillSpace space, Path file, FileChannel channel) {
    this.space = space;
    this.file = file;
    this.channel = channel;
  }

  static SpillRun create(SpillSpace space) {
    Path file = space.newFile();
    try {
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return new SpillRun(space, file, channel);
    } catch (IOException e) {
      throw space.unavailable("a file cannot be made", e);
    }
  }

  /** Writes a slice, and gives it up. */
  void write(int slice, Partial partial, QueryControl control) {
    byte[] bytes = PartialCodec.write(partial, control);
    partial.discard();
    space.reserve(bytes.length);
    long offset = end.getAndAdd(bytes.length);
    offsets[slice] = offset;
    lengths[slice] = bytes.length;
    ByteBuffer left = ByteBuffer.wrap(bytes);
    try {
      while (left.hasRemaining()) {
        control.check();
        offset += channel.write(left, offset);
      }
    } catch (IOException e) {
      throw space.unavailable("groups cannot be written", e);
    }
  }

  /** Reads a slice; null if it was not written. */
  @Nullable Partial read(AggregateQuery query, int slice, QueryControl control) {
    if (lengths[slice] == 0) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(lengths[slice]);
    try {
      while (bytes.hasRemaining()) {
        control.check();
        if (channel.read(bytes, offsets[slice] + bytes.position()) < 0) {
          break;
        }
      }
    } catch (IOException e) {
      throw space.unavailable("groups cannot be read", e);
    }
    return PartialCodec.read(query, bytes.array(), control);
  }

  @Override
  public void close() {
    space.release(end.get());
    try {
      channel.close();
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw space.unavailable("a file cannot be deleted", e);
    }
  }
}
