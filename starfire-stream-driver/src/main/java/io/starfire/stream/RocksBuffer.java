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
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A stage's state on the disk, for state that does not fit into the heap. It writes no log of its
 * own: {@link RocksCheckpoints} says what of it outlives a process. Used by the task's thread.
 */
final class RocksBuffer implements WindowBuffer, AutoCloseable {
  private static final long WRITE_BUFFER_BYTES = 16L << 20;
  private static final double FILTER_BITS = 10;

  /** So much is written at once. */
  private static final int BATCH_BYTES = 64 << 10;

  private final Path directory;
  private final Options options;
  private final WriteOptions writes;
  private final RocksDB database;
  private final WriteBatch pending = new WriteBatch();
  private int pendingBytes;

  /** One for all reads: to make one costs more than to read with it. Null before the first. */
  private RocksIterator reader;

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
        // What is looked for by its full key is often not there.
        .setTableFormatConfig(
            new BlockBasedTableConfig().setFilterPolicy(new BloomFilter(FILTER_BITS)))
        // One thread writes. What is not in a checkpoint when it ends is of no use.
        .setAllowConcurrentMemtableWrite(false)
        .setAvoidFlushDuringShutdown(true)
        .setWriteBufferSize(WRITE_BUFFER_BYTES)
        .setCompressionType(CompressionType.NO_COMPRESSION);
  }

  /** Makes a copy of all that it holds now, of links as far as that is possible. */
  void copyTo(Path copy) {
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      write();
      checkpoint.createCheckpoint(copy.toString());
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public byte[] get(byte[] key) {
    try {
      write();
      return database.get(key);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      pending.put(key, value);
      wrote(key.length + value.length);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      pending.delete(key);
      wrote(key.length);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public void deleteRange(byte[] from, byte[] to) {
    try {
      pending.deleteRange(from, to);
      wrote(from.length + to.length);
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
  }

  private void wrote(int bytes) throws RocksDBException {
    pendingBytes += bytes;
    if (pendingBytes >= BATCH_BYTES) {
      write();
    }
  }

  private void write() throws RocksDBException {
    if (pendingBytes > 0) {
      database.write(writes, pending);
      pending.clear();
      pendingBytes = 0;
    }
  }

  @Override
  public List<Entry> scan(byte[] from, byte[] to, int limit) {
    List<Entry> found = new ArrayList<>(limit == 1 ? 1 : 4);
    try {
      write();
      if (reader == null) {
        reader = database.newIterator();
      } else {
        reader.refresh();
      }
      reader.seek(from);
      while (reader.isValid()) {
        byte[] key = reader.key();
        if (Arrays.compareUnsigned(key, to) >= 0) {
          break;
        }
        found.add(new Entry(key, reader.value()));
        if (found.size() == limit) {
          break;
        }
        reader.next();
      }
      reader.status();
    } catch (RocksDBException e) {
      throw failed(directory, e);
    }
    return found;
  }

  @Override
  public void close() {
    if (reader != null) {
      reader.close();
    }
    pending.close();
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
