package io.starfire.batch.index;

import io.starfire.batch.job.ShardFile;
import io.starfire.common.Interval;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.format.SegmentBuilder;
import io.starfire.segment.format.SpillLimits;
import io.starfire.segment.format.WrittenSegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The shards of a run while they are built. Each segment bucket that has rows gets a builder, and
 * another one when the first is full. There is one memory limit for all of them. Above it the rows
 * of the largest shards are written to the disk, one shard at a time, by a thread of their own.
 * Meanwhile rows are added; the shard that is being written does not count for the limit. One
 * thread adds rows. After that any thread may finish a shard.
 */
final class OpenShards implements AutoCloseable {
  /** After how many rows of a shard its size is measured again. */
  private static final int SIZE_CHECK_ROWS = 256;

  /** Spilling goes on until this part of the limit is free, so that it is not needed again soon. */
  private static final int FREED_PART = 8;

  private static final long CLOSE_SECONDS = 15;

  /** Texts of all shards stay in memory while they take at most this part of it. */
  private static final double TEXT_PART = 0.75;

  /**
   * What is held, and how large segments become.
   *
   * @param maxRowsInMemory of all shards together, after rollup
   * @param maxBytesInMemory of all shards together, by the index's estimate
   * @param maxRowsPerSegment at which a further shard begins
   */
  record Limits(long maxRowsInMemory, long maxBytesInMemory, long maxRowsPerSegment) {}

  private final DataSourceSchema schema;
  private final Limits limits;
  private final Path directory;
  private final TreeMap<Long, Shard> open = new TreeMap<>();
  private final List<Shard> full = new ArrayList<>();

  /** Shards to which rows of the batch under way are still to be added; some more than once. */
  private final List<Shard> waiting = new ArrayList<>();

  private Shard last;
  private int created;
  private long heldRows;
  private long heldBytes;
  private int spills;
  private long dictionaryBytes;
  private Future<?> spilling;
  private final ExecutorService spiller =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "index-spiller");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param directory of the run, for pieces and for finished segments
   */
  OpenShards(DataSourceSchema schema, Limits limits, Path directory) {
    this.schema = schema;
    this.limits = limits;
    this.directory = directory;
  }

  /** Adds rows, those of each shard together. */
  void addAll(List<DataRow> rows) {
    for (DataRow row : rows) {
      Shard shard = shardOf(row.timeMillis());
      if (shard.waitingRows == 0) {
        waiting.add(shard);
      }
      shard.waiting[shard.waitingRows++] = row;
      if (shard.waitingRows == shard.rowsUntilCheck) {
        addWaiting(shard);
      }
    }
    // Rows hold on to the bytes of their file, so that none waits longer.
    waiting.forEach(this::addWaiting);
    waiting.clear();
  }

  private void addWaiting(Shard shard) {
    int count = shard.waitingRows;
    if (count == 0) {
      return;
    }
    shard.builder.addAll(shard.waiting, count);
    Arrays.fill(shard.waiting, 0, count, null);
    shard.waitingRows = 0;
    shard.rowsUntilCheck -= count;
    if (shard.rowsUntilCheck == 0) {
      look(shard);
    }
  }

  /** Pieces that were spilled so far. */
  int spills() {
    return spills;
  }

  /** All shards, by bucket and then in the order in which they were begun; nothing is added now. */
  List<Shard> shards() {
    awaitSpill();
    return all();
  }

  private List<Shard> all() {
    List<Shard> all = new ArrayList<>(full);
    all.addAll(open.values());
    all.sort(
        Comparator.<Shard>comparingLong(shard -> shard.bucket.startMillis())
            .thenComparingInt(shard -> shard.number));
    return all;
  }

  @Override
  public void close() {
    spiller.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      // A piece that is being written must not appear after it was deleted.
      boolean unused = spiller.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    all().forEach(shard -> shard.builder.close());
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitSpill() {
    if (spilling != null) {
      Waits.result(spilling);
      spilling = null;
    }
  }

  private Shard shardOf(long timeMillis) {
    if (last != null && last.bucket.contains(timeMillis)) {
      return last;
    }
    Map.Entry<Long, Shard> floor = open.floorEntry(timeMillis);
    if (floor == null || !floor.getValue().bucket.contains(timeMillis)) {
      last = begin(schema.segmentGranularity().bucket(timeMillis));
    } else {
      last = floor.getValue();
    }
    return last;
  }

  private Shard begin(Interval bucket) {
    Shard shard = new Shard(bucket, created++);
    open.put(bucket.startMillis(), shard);
    return shard;
  }

  private void look(Shard shard) {
    note(shard);
    if (shard.builder.rowCount() >= limits.maxRowsPerSegment()) {
      spill(shard, false);
      full.add(shard);
      open.remove(shard.bucket.startMillis());
      last = null;
    }
    if (heldRows > limits.maxRowsInMemory() || heldBytes > limits.maxBytesInMemory()) {
      spillLargest();
    }
    long untilFull = limits.maxRowsPerSegment() - shard.builder.rowCount();
    shard.rowsUntilCheck = (int) Math.max(1, Math.min(SIZE_CHECK_ROWS, untilFull));
  }

  private void note(Shard shard) {
    long rows = shard.builder.rowCount() - shard.spilledRows;
    long bytes = shard.builder.estimatedBytes();
    heldRows += rows - shard.heldRows;
    heldBytes += bytes - shard.heldBytes;
    long texts = shard.builder.dictionaryBytes();
    dictionaryBytes += texts - shard.dictionaryBytes;
    shard.heldRows = rows;
    shard.heldBytes = bytes;
    shard.dictionaryBytes = texts;
  }

  private void spillLargest() {
    List<Shard> bySize = new ArrayList<>(open.values());
    bySize.sort(Comparator.<Shard>comparingLong(shard -> shard.heldBytes).reversed());
    for (Shard shard : bySize) {
      if (heldRows <= freed(limits.maxRowsInMemory())
          && heldBytes <= freed(limits.maxBytesInMemory())) {
        return;
      }
      note(shard);
      spill(shard, dictionaryBytes <= limits.maxBytesInMemory() * TEXT_PART);
    }
  }

  private static long freed(long limit) {
    return limit - limit / FREED_PART;
  }

  private void spill(Shard shard, boolean keepTexts) {
    awaitSpill();
    spilling = spiller.submit(shard.builder.detach(keepTexts));
    shard.spilledRows = shard.builder.rowCount();
    note(shard);
    spills++;
  }

  /** A segment that is being built. */
  final class Shard {
    private final Interval bucket;
    private final int number;
    private final SegmentBuilder builder;
    private final DataRow[] waiting = new DataRow[SIZE_CHECK_ROWS];
    private int waitingRows;
    private int rowsUntilCheck = 1;
    private long spilledRows;
    private long heldRows;
    private long heldBytes;
    private long dictionaryBytes;

    Shard(Interval bucket, int number) {
      this.bucket = bucket;
      this.number = number;
      this.builder =
          new SegmentBuilder(
              schema,
              bucket,
              new SpillLimits(Integer.MAX_VALUE, limits.maxBytesInMemory()),
              directory);
    }

    Interval bucket() {
      return bucket;
    }

    /** Writes the segment. */
    ShardFile finish() {
      WrittenSegment written = builder.finish(directory.resolve("shard-" + number));
      return new ShardFile(
          bucket.startMillis(),
          number,
          "file://" + written.path().toAbsolutePath(),
          written.sizeBytes(),
          written.rowCount(),
          written.eventCount());
    }
  }
}
