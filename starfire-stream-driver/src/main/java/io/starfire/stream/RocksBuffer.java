package io.starfire.stream;

import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kernel.WindowBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;

/**
 * A stage's state on the disk, for state that does not fit into the heap. It writes no log of its
 * own: {@link RocksCheckpoints} says what of it outlives a process. Used by the task's thread.
 */
final class RocksBuffer implements WindowBuffer, AutoCloseable {
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final double FILTER_BITS = 10;

  /** Of the write buffer. */
  private static final double MEMTABLE_FILTER = 0.05;

  private final Path directory;
  private final Options options;
  private final WriteOptions writes;
  private final RocksDB database;

  private RocksBuffer(Path directory, Options options, RocksDB database) {
    this.directory = directory;
    this.options = options;
    this.database = database;
    this.writes = new WriteOptions().setDisableWAL(true);
  }

  /**
   * Opens what is in a directory; makes it if it does not exist.
   *
   * @throws StarfireException with CONFLICT if another process uses the directory, or if it cannot
   *     be written; with UNAVAILABLE if the disk is full
   */
  static RocksBuffer open(Path directory) {
    Options options = options();
    try {
      Files.createDirectories(directory);
      return new RocksBuffer(directory, options, RocksDB.open(options, directory.toString()));
    } catch (IOException | RocksDBException e) {
      options.close();
      throw failed(directory, e);
    }
  }

  /** Deletes what is in a directory, if there is something; throws like {@link #open}. */
  static void destroy(Path directory) {
    try (Options options = options()) {
      RocksDB.destroyDB(directory.toString(), options);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  private static Options options() {
    RocksDB.loadLibrary();
    return new Options()
        .setCreateIfMissing(true)
        // Most entries that are looked for are copies of events, and not there.
        .setTableFormatConfig(
            new BlockBasedTableConfig().setFilterPolicy(new BloomFilter(FILTER_BITS)))
        .setMemtablePrefixBloomSizeRatio(MEMTABLE_FILTER)
        .setMemtableWholeKeyFiltering(true)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setCompressionType(CompressionType.NO_COMPRESSION);
  }

  /** Makes a copy of all that it holds now, of links as far as that is possible. */
  void copyTo(Path copy) {
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      checkpoint.createCheckpoint(copy.toString());
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public byte[] get(byte[] key) {
    try {
      return database.get(key);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      database.put(writes, key, value);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      database.delete(writes, key);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public List<Entry> scan(byte[] from, byte[] to, int limit) {
    List<Entry> found = new ArrayList<>();
    try (RocksIterator entries = database.newIterator()) {
      for (entries.seek(from); found.size() < limit && entries.isValid(); entries.next()) {
        byte[] key = entries.key();
        if (Arrays.compareUnsigned(key, to) >= 0) {
          break;
        }
        found.add(new Entry(key, entries.value()));
      }
      entries.status();
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
    return found;
  }

  @Override
  public void close() {
    database.close();
    writes.close();
    options.close();
  }

  static RuntimeException failed(Path directory, Exception cause) {
    if (DiskFull.isCauseOf(cause)) {
      return DiskFull.at("the state of a stage", directory, cause);
    }
    if (cause instanceof RocksDBException damaged
        && damaged.getStatus() != null
        && damaged.getStatus().getCode() == Status.Code.Corruption) {
      return new DamagedException(directory, cause);
    }
    return new StarfireException(
        ErrorCode.CONFLICT,
        "the state directory %s cannot be used: %s; look whether another process uses it, whether its disk is full, and who may write to it"
            .formatted(directory, cause.getMessage()),
        cause);
  }

  /** What was written is not what is read. */
  static final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private DamagedException(Path directory, Exception cause) {
      super(
          "the state of a stage at %s is damaged: %s".formatted(directory, cause.getMessage()),
          cause);
    }
  }
}
