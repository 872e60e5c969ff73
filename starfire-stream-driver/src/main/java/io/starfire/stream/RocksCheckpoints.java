package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kernel.StageState;
import io.starfire.kernel.WindowBuffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one task in RocksDB, and earlier states of it. In the directory of the task are
 *
 * <ul>
 *   <li>{@code current}: the state of the running task. What an earlier process has left there
 *       stands at a position that nobody knows, and is deleted.
 *   <li>{@code at-<position>}: a checkpoint, of which no file ever changes. It is the fold of the
 *       log below the position, made by hard links as far as its files are those of {@code
 *       current}. Under one key it holds what the fold remembers beside its entries; under further
 *       keys, in parts, what the state has on the heap.
 * </ul>
 *
 * A fold depends on the log alone, not on what was committed when it was made. So a checkpoint is
 * good for ever; a task can begin with it if it is of the same log, if the log still has all from
 * its position on, and if that is not above what is committed: what is not committed is read again.
 * A few are kept, because the newest can be above. A checkpoint that is damaged or of another log
 * is deleted, and the next older one is tried; if there is none, the state is made from the log.
 *
 * <p>Used by the task's thread.
 */
final class RocksCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(RocksCheckpoints.class);

  private static final int FORMAT = 3;
  private static final int KEPT = 3;
  private static final String CHECKPOINT = "at-";
  private static final String UNFINISHED = "unfinished";

  /** Sorts behind everything that a kernel can hold. */
  private static final byte[] REMEMBERED = {127};

  /** Begins the keys of the parts of a state that are not in its buffer. */
  private static final byte PART = 126;

  private static final byte[] FIRST_PART = {PART};

  private final Path directory;
  private final byte[] identity;

  /**
   * @param directory of the task, used by nobody else
   * @param identity of the log: what is folded from another one is of no use
   */
  RocksCheckpoints(Path directory, String identity) {
    this.directory = directory;
    this.identity = identity.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A state to go on with.
   *
   * @param position below which the log is folded into it; 0 if it is empty
   * @param remembered what was given to {@link #add}; empty if the state is
   * @param parts of the state, which are not in the buffer
   */
  @SuppressWarnings("ArrayRecordComponent") // a plain carrier, never compared
  record Opened(RocksBuffer buffer, long position, byte[] remembered, List<byte[]> parts) {}

  /**
   * Opens the newest state that can be used, or an empty one.
   *
   * @param first where the log begins
   * @param last the largest position that can be used, inclusive
   * @throws StarfireException with CONFLICT if another process uses the directory, or if it cannot
   *     be written; with UNAVAILABLE if the disk is full
   */
  Opened open(long first, long last) {
    Path current = directory.resolve("current");
    try {
      Files.createDirectories(directory);
      RocksBuffer.destroy(current);
      delete(directory.resolve(UNFINISHED));
      for (long position : positions()) {
        if (position >= first && position <= last) {
          Opened opened = open(position, current);
          if (opened != null) {
            return opened;
          }
          delete(path(position));
        }
      }
    } catch (IOException e) {
      throw RocksBuffer.failed(directory, e);
    }
    return new Opened(RocksBuffer.open(current), 0, new byte[0], List.of());
  }

  /** Null if it is of no use. */
  private Opened open(long position, Path current) throws IOException {
    RocksBuffer.destroy(current);
    link(path(position), current);
    RocksBuffer buffer = null;
    try {
      buffer = RocksBuffer.open(current);
      byte[] stored = buffer.get(REMEMBERED);
      if (stored == null) {
        throw new StarfireException(ErrorCode.CORRUPT, "it does not say what it is");
      }
      ByteBuffer in = ByteBuffer.wrap(stored);
      int format = in.getInt();
      byte[] of = new byte[in.getInt()];
      in.get(of);
      if (format != FORMAT || !ByteBuffer.wrap(of).equals(ByteBuffer.wrap(identity))) {
        throw new StarfireException(
            ErrorCode.CORRUPT,
            "it has format %d and is of %s; expected format %d and %s"
                .formatted(
                    format,
                    new String(of, StandardCharsets.UTF_8),
                    FORMAT,
                    new String(identity, StandardCharsets.UTF_8)));
      }
      byte[] remembered = new byte[in.remaining()];
      in.get(remembered);
      return new Opened(buffer, position, remembered, takeParts(buffer));
    } catch (RuntimeException e) {
      if (buffer != null) {
        buffer.close();
      }
      LOG.warn("the checkpoint {} is not used, and deleted: {}", path(position), e.getMessage(), e);
      RocksBuffer.destroy(current);
      return null;
    }
  }

  private static List<byte[]> takeParts(RocksBuffer buffer) {
    List<byte[]> parts = new ArrayList<>();
    for (WindowBuffer.Entry part : buffer.scan(FIRST_PART, REMEMBERED, Integer.MAX_VALUE)) {
      parts.add(part.value());
      buffer.delete(part.key());
    }
    return parts;
  }

  private static byte[] part(int number) {
    return ByteBuffer.allocate(1 + Integer.BYTES).put(PART).putInt(number).array();
  }

  /**
   * Adds a checkpoint of what a state holds now, and deletes the oldest.
   *
   * @param buffer of the state
   */
  void add(RocksBuffer buffer, StageState state, long position, byte[] remembered) {
    AtomicInteger parts = new AtomicInteger();
    state.save(part -> buffer.put(part(parts.getAndIncrement()), part));
    add(buffer, position, remembered);
    // They are of the checkpoint, and not of what goes on.
    for (int number = 0; number < parts.get(); number++) {
      buffer.delete(part(number));
    }
  }

  private void add(RocksBuffer buffer, long position, byte[] remembered) {
    buffer.put(
        REMEMBERED,
        ByteBuffer.allocate(2 * Integer.BYTES + identity.length + remembered.length)
            .putInt(FORMAT)
            .putInt(identity.length)
            .put(identity)
            .put(remembered)
            .array());
    try {
      delete(directory.resolve(UNFINISHED));
      buffer.copyTo(directory.resolve(UNFINISHED));
      delete(path(position));
      Files.move(directory.resolve(UNFINISHED), path(position));
      List<Long> positions = positions();
      for (long old : positions.subList(Math.min(KEPT, positions.size()), positions.size())) {
        delete(path(old));
      }
    } catch (IOException e) {
      throw RocksBuffer.failed(directory, e);
    }
  }

  /** Deletes all of them, since what they hold turned out to be damaged. */
  void deleteAll() {
    try {
      for (long position : positions()) {
        delete(path(position));
      }
    } catch (IOException e) {
      throw RocksBuffer.failed(directory, e);
    }
  }

  /** The newest first. */
  List<Long> positions() throws IOException {
    List<Long> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.forEach(
          entry -> {
            String name = String.valueOf(entry.getFileName());
            if (name.matches(CHECKPOINT + "[0-9]{19}")) {
              found.add(Long.parseLong(name.substring(CHECKPOINT.length())));
            }
          });
    }
    found.sort(Collections.reverseOrder());
    return found;
  }

  private Path path(long position) {
    return directory.resolve(String.format(Locale.ROOT, "%s%019d", CHECKPOINT, position));
  }

  /** Tables never change and are linked; the few small files that do are copied. */
  private static void link(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    List<Path> files;
    try (Stream<Path> entries = Files.list(from)) {
      files = entries.toList();
    }
    for (Path file : files) {
      Path target = to.resolve(String.valueOf(file.getFileName()));
      if (target.toString().endsWith(".sst")) {
        Files.createLink(target, file);
      } else {
        Files.copy(file, target);
      }
    }
  }

  /** Deletes a directory with all that is in it; nothing is wrong if there is none. */
  static void delete(Path path) throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    try (Stream<Path> all = Files.walk(path)) {
      all.sorted(Comparator.reverseOrder())
          .forEach(
              one -> {
                try {
                  Files.delete(one);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
