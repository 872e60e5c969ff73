package io.starfire.segment.format;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.index.SpilledRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes one segment file from rows in any order, in bounded memory. Rows are rolled up in an {@link
 * IncrementalIndex}. When it is full, its rows go to the disk as ids, and the texts stay in memory:
 * at the end all rows are sorted once. Where that would take too much memory, texts and rows are
 * spilled as a sorted piece, and the pieces are merged at the end. {@link #finish} and {@link
 * #close} delete what was spilled. Not thread-safe.
 */
public final class SegmentBuilder implements AutoCloseable {
  /** How many rows are added between two looks at the size of the index. */
  private static final int SIZE_CHECK_ROWS = 1024;

  /** Texts stay in memory while they take at most this part of it. */
  private static final int TEXT_PART = 2;

  /** The part of the memory that rows may take when they are sorted at the end. */
  private static final int GATHERED_PART = 4;

  private final Supplier<DataSourceSchema> schemas;
  private final boolean growing;
  private final Interval interval;
  private final SpillLimits limits;
  private final Path temporaryDirectory;
  private final String spillPrefix = "spill-" + UUID.randomUUID() + "-";
  private final List<Path> pieces = new ArrayList<>();

  /** Rows whose texts are in the index. */
  private List<SpilledRows> spilledOfIndex = new ArrayList<>();

  /** What is in memory; null while nothing is, so that an idle builder holds next to nothing. */
  private IncrementalIndex index;

  private long spilledRows;
  private long spilledRowsOfIndex;
  private long spilledSketchBytesOfIndex;
  private int spills;
  private int rowsUntilSizeCheck = SIZE_CHECK_ROWS;
  private boolean finished;

  /**
   * Makes a builder.
   *
   * @param interval the bucket of the segment; start inclusive, end exclusive
   * @param temporaryDirectory for spilled pieces; created if it does not exist
   */
  public SegmentBuilder(
      DataSourceSchema schema, Interval interval, SpillLimits limits, Path temporaryDirectory) {
    this(() -> schema, false, interval, limits, temporaryDirectory);
  }

  private SegmentBuilder(
      Supplier<DataSourceSchema> schemas,
      boolean growing,
      Interval interval,
      SpillLimits limits,
      Path temporaryDirectory) {
    this.schemas = requireNonNull(schemas, "schemas");
    this.growing = growing;
    this.interval = requireNonNull(interval, "interval");
    this.limits = requireNonNull(limits, "limits");
    this.temporaryDirectory = requireNonNull(temporaryDirectory, "temporaryDirectory");
  }

  /**
   * A builder for rows whose dimensions are discovered. A row may have fewer dimensions than the
   * current schema. The segment has the dimensions that were known when its last rows were added.
   *
   * @param schemas returns the current schema; each must extend the ones before
   */
  public static SegmentBuilder growing(
      Supplier<DataSourceSchema> schemas,
      Interval interval,
      SpillLimits limits,
      Path temporaryDirectory) {
    return new SegmentBuilder(schemas, true, interval, limits, temporaryDirectory);
  }

  private IncrementalIndex newIndex() {
    DataSourceSchema schema = schemas.get();
    return growing ? IncrementalIndex.growing(schema) : new IncrementalIndex(schema);
  }

  /**
   * Adds one event.
   *
   * @throws StarfireException with INVALID_INPUT if its time, or the start of its query bucket, is
   *     outside the interval, or it does not fit the schema; it is then not added
   */
  public void add(DataRow row) {
    prepareFor(row);
    index.add(row);
    spillIfFull(1);
  }

  /**
   * Adds events in their order; cheaper than one by one.
   *
   * @param rows of which the first {@code count} are added
   * @throws StarfireException as of {@link #add}; use the builder no more then
   */
  public void addAll(DataRow[] rows, int count) {
    if (count == 0) {
      return;
    }
    for (int i = 0; i < count; i++) {
      prepareFor(rows[i]);
    }
    index.addAll(rows, count);
    spillIfFull(count);
  }

  /** Checks a row, and that there is an index with its dimensions. */
  private void prepareFor(DataRow row) {
    if (finished) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "a segment builder takes no rows after it was finished");
    }
    DataSourceSchema schema = index == null ? schemas.get() : index.schema();
    long bucketStart = schema.queryGranularity().bucketStart(row.timeMillis());
    if (!interval.contains(row.timeMillis()) || !interval.contains(bucketStart)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a row of '%s' at %s is outside the segment's interval %s; send it to the segment of its own bucket"
              .formatted(schema.name(), Times.format(row.timeMillis()), interval));
    }
    if (index == null) {
      index = newIndex();
    }
    if (growing && row.dimensionCount() > schema.dimensions().size()) {
      index.grow(schemas.get());
    }
  }

  private void spillIfFull(int added) {
    rowsUntilSizeCheck -= added;
    if (index.rowCount() >= limits.maxRows()) {
      spill();
    } else if (rowsUntilSizeCheck <= 0) {
      rowsUntilSizeCheck = SIZE_CHECK_ROWS;
      if (index.estimatedBytes() >= limits.maxBytes()) {
        spill();
      }
    }
  }

  /** How often rows were spilled so far. */
  public int spills() {
    return spills;
  }

  /** The part of {@link #estimatedBytes} that texts use. */
  public long dictionaryBytes() {
    return index == null ? 0 : index.dictionaryBytes();
  }

  /**
   * The number of rows so far. Rows are rolled up within each piece but not yet across pieces, so
   * the segment will have at most as many.
   */
  public long rowCount() {
    return spilledRows + (index == null ? 0 : index.rowCount());
  }

  /** The heap that the rows in memory use, in bytes, as the index estimates it. */
  public long estimatedBytes() {
    return index == null ? 0 : index.estimatedBytes();
  }

  /** Writes the segment file durably under its final name, and deletes the pieces. */
  public WrittenSegment finish(Path target) {
    finished = true;
    List<SegmentReader> opened = new ArrayList<>();
    IncrementalIndex last = index == null ? newIndex() : index;
    index = null;
    try (IndexedRows rest = last.sortedSnapshot(spilledOfIndex)) {
      List<IndexedRows> sources = new ArrayList<>();
      for (Path piece : pieces) {
        SegmentReader reader = SegmentReader.open(piece);
        opened.add(reader);
        sources.add(reader);
      }
      if (rest.rowCount() > 0) {
        sources.add(rest);
      }
      List<DataSourceSchema> widths = new ArrayList<>();
      sources.forEach(source -> widths.add(source.schema()));
      widths.add(rest.schema());
      return SegmentMerger.merge(SchemaGrowth.widest(widths), interval, sources, target);
    } finally {
      opened.forEach(SegmentReader::close);
      close();
    }
  }

  /** Deletes the spilled pieces. Without {@link #finish}, the rows are lost. */
  @Override
  public void close() {
    finished = true;
    try {
      for (Path piece : pieces) {
        Files.deleteIfExists(piece);
      }
      spilledOfIndex.forEach(SpilledRows::delete);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "spilled pieces in %s cannot be deleted: %s"
              .formatted(temporaryDirectory, IoFailure.reason(e)),
          e);
    }
    pieces.clear();
    spilledOfIndex.clear();
    index = null;
  }

  /**
   * Writes the rows in memory to the disk. Does nothing if there are none. For callers with many
   * builders, which limit the memory of all together.
   */
  public void spill() {
    detach(dictionaryBytes() <= limits.maxBytes() / TEXT_PART).run();
  }

  /**
   * Like {@link #spill}, but the returned task writes the rows. It may run on another thread while
   * rows are added here. It must have ended before {@link #finish} or {@link #close} is called. If
   * it failed, do not use the builder any more.
   *
   * @param keepTexts whether texts may stay in memory, which saves merging them
   */
  public Runnable detach(boolean keepTexts) {
    boolean empty = index == null || index.rowCount() == 0;
    if (empty && (keepTexts || spilledOfIndex.isEmpty())) {
      return () -> {};
    }
    long rows = index.rowCount();
    Path file = temporaryDirectory.resolve(spillPrefix + spills++);
    spilledRows += rows;
    long sketchBytes = spilledSketchBytesOfIndex + index.sketchBytes();
    long gatheredBytes = (spilledRowsOfIndex + rows) * bytesOfRow(index.schema()) + sketchBytes;
    if (keepTexts && gatheredBytes <= limits.maxBytes() / GATHERED_PART) {
      SpilledRows spilled = index.spill(file);
      spilledOfIndex.add(spilled);
      spilledRowsOfIndex += rows;
      spilledSketchBytesOfIndex = sketchBytes;
      return () -> {
        makeDirectory();
        spilled.write();
      };
    }
    IncrementalIndex detached = index;
    List<SpilledRows> earlier = spilledOfIndex;
    pieces.add(file);
    index = null;
    spilledOfIndex = new ArrayList<>();
    spilledRowsOfIndex = 0;
    spilledSketchBytesOfIndex = 0;
    return () -> write(detached, earlier, file);
  }

  /**
   * What a row takes when all are sorted, without its sketches: its columns, a packed key twice and
   * its place.
   */
  private static long bytesOfRow(DataSourceSchema schema) {
    long strings =
        schema.dimensions().stream()
            .filter(dimension -> dimension.type() == ColumnType.STRING)
            .count();
    long numbers = 1 + schema.dimensions().size() - strings + schema.metrics().size();
    return Integer.BYTES * strings + (Long.BYTES + 1) * numbers + 2L * Long.BYTES + Integer.BYTES;
  }

  private void write(IncrementalIndex detached, List<SpilledRows> earlier, Path piece) {
    makeDirectory();
    try (IndexedRows sorted = detached.sortedSnapshot(earlier)) {
      SegmentWriter.write(sorted, interval, piece, WriteOptions.SPILL);
    }
    earlier.forEach(SpilledRows::delete);
  }

  private void makeDirectory() {
    try {
      Files.createDirectories(temporaryDirectory);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "directory %s for spilled rows cannot be made: %s"
              .formatted(temporaryDirectory, IoFailure.reason(e)),
          e);
    }
  }
}
