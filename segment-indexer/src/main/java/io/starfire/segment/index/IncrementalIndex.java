package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.sketch.SketchSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of a data source in memory. They are rolled up when they are added, if the schema says so,
 * and can be queried at once.
 *
 * <p>The time of a row is cut to the schema's query granularity. With rollup, rows of equal time
 * and dimensions become one, and each metric combines its inputs as its aggregation says. COUNT
 * counts events. A null input is ignored; the sum of nulls only is null, not 0. Long sums wrap.
 * Without rollup every row is kept.
 *
 * <p>In STRING dimensions a list of one value is that value, an empty list is null, and the order
 * of a longer list is kept. The empty string is not null. Half a surrogate pair becomes U+FFFD. In
 * DOUBLE dimensions -0.0 is 0.0, and NaN is one value.
 *
 * <p>The schema of a {@link #growing} index may be replaced by one with further dimensions at its
 * end. Rows that were added before, and rows with fewer dimensions than the schema, are null in
 * them. Such a row is rolled up with a row that has nulls there.
 *
 * <p>One thread may add rows while any number of threads take snapshots and read them. A lock is
 * held while a row is added, and while a snapshot is taken (which copies one reference for each 256
 * rows), but not while a snapshot is read. A snapshot shows exactly the rows of its moment and does
 * not change: dimensions and times are only appended, and metrics are copied on write ({@link
 * MetricStore}). So the columns of a row always belong together.
 */
public final class IncrementalIndex {
  private static final int EMPTY = 0;
  private static final int MAX_ROWS = 1 << 29;

  private final Granularity queryGranularity;
  private final boolean rollup;
  private final boolean growing;
  private MetricStore metrics;
  private final Object lock = new Object();

  private volatile DataSourceSchema schema;
  private DimensionBuffer[] dimensions;
  private long[] times = new long[64];
  private int[] hashes;

  /** Open addressing: the row plus one, or {@link #EMPTY}. Absent without rollup. */
  private int[] slots;

  private int rows;
  private long events;
  private long minTimeMillis = Long.MAX_VALUE;
  private long maxTimeMillis = Long.MIN_VALUE;

  /** The query bucket of the previous row: rows of one bucket often come together. */
  private long bucketStartMillis;

  private long bucketEndMillis;

  /** An empty index with a fixed schema. */
  public IncrementalIndex(DataSourceSchema schema) {
    this(schema, false);
  }

  /** An empty index that may get further dimensions by {@link #grow}. */
  public static IncrementalIndex growing(DataSourceSchema schema) {
    return new IncrementalIndex(schema, true);
  }

  private IncrementalIndex(DataSourceSchema schema, boolean growing) {
    this.schema = schema;
    this.growing = growing;
    this.rollup = schema.rollup();
    this.queryGranularity = schema.queryGranularity();
    this.metrics = new MetricStore(schema.metrics());
    this.dimensions = new DimensionBuffer[schema.dimensions().size()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = bufferOf(schema.dimensions().get(i));
    }
    this.hashes = schema.rollup() ? new int[times.length] : new int[0];
    this.slots = schema.rollup() ? new int[128] : new int[0];
  }

  private DimensionBuffer bufferOf(DimensionSpec spec) {
    return spec.type() == ColumnType.STRING
        ? new StringDimensionBuffer(spec, lock)
        : new NumberDimensionBuffer(spec);
  }

  /** The current schema. */
  public DataSourceSchema schema() {
    return schema;
  }

  /**
   * Replaces the schema of a growing index by one whose dimensions begin with those of the current
   * schema. Does nothing if it does not have more dimensions.
   *
   * @throws StarfireException with INVALID_INPUT if it does not extend the current schema
   */
  public void grow(DataSourceSchema wider) {
    synchronized (lock) {
      List<DimensionSpec> more = wider.dimensions();
      if (!growing || !SchemaGrowth.isExtension(wider, schema)) {
        if (growing && SchemaGrowth.isExtension(schema, wider)) {
          return;
        }
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "an index of data source '%s' with dimensions %s cannot grow to dimensions %s"
                .formatted(schema.name(), schema.dimensions(), more));
      }
      int present = dimensions.length;
      dimensions = Arrays.copyOf(dimensions, more.size());
      for (int i = present; i < dimensions.length; i++) {
        dimensions[i] = bufferOf(more.get(i));
        dimensions[i].appendNulls(rows);
      }
      schema = wider;
    }
  }

  /**
   * Adds one event.
   *
   * @return true if it became a new row, false if it was rolled up with an earlier one
   * @throws StarfireException with INVALID_INPUT if the row does not fit the schema, and with
   *     CAPACITY_EXCEEDED at {@value #MAX_ROWS} rows; the index is then unchanged
   */
  public boolean add(DataRow row) {
    synchronized (lock) {
      checkFits(row);
      long time = bucketOf(row.timeMillis());
      int hash = Hashes.mix(time);
      int count = row.dimensionCount();
      for (int i = 0; i < count; i++) {
        // A null adds nothing to the hash: a missing dimension is the same as a null.
        hash += dimensions[i].stage(row, i) * (2 * i + 1);
      }
      for (int i = count; i < dimensions.length; i++) {
        dimensions[i].stageNull();
      }
      boolean added = !rollup || !combined(row, time, Hashes.mix(hash));
      if (added && !rollup) {
        append(row, time);
      }
      events++;
      return added;
    }
  }

  /**
   * Adds events in their order, as {@link #add} does one. Without rollup a column is added at a
   * time: the look-ups of its values then wait for memory together, and not one after another.
   *
   * @param added of which the first {@code count} are added
   * @throws StarfireException as of {@link #add}; no event is then added, or with rollup only those
   *     before the one at fault
   */
  public void addAll(DataRow[] added, int count) {
    if (rollup) {
      for (int i = 0; i < count; i++) {
        boolean unused = add(added[i]);
      }
      return;
    }
    synchronized (lock) {
      for (int i = 0; i < count; i++) {
        checkFits(added[i]);
      }
      if (rows + count > times.length) {
        times = Arrays.copyOf(times, Math.max(rows + count, rows * 2));
      }
      for (int i = 0; i < dimensions.length; i++) {
        dimensions[i].appendAll(added, count, i, rows);
      }
      metrics.appendAll(rows, added, count);
      for (int i = 0; i < count; i++) {
        long time = bucketOf(added[i].timeMillis());
        times[rows + i] = time;
        minTimeMillis = Math.min(minTimeMillis, time);
        maxTimeMillis = Math.max(maxTimeMillis, time);
      }
      rows += count;
      events += count;
    }
  }

  /** The number of events added so far. */
  public long eventCount() {
    synchronized (lock) {
      return events;
    }
  }

  /** The number of rows, after rollup. */
  public int rowCount() {
    synchronized (lock) {
      return rows;
    }
  }

  /** The heap in use, in bytes: the size of the arrays, and an estimate for strings. */
  public long estimatedBytes() {
    synchronized (lock) {
      long bytes = 8L * times.length + 4L * hashes.length + 4L * slots.length;
      for (DimensionBuffer dimension : dimensions) {
        bytes += dimension.estimatedBytes();
      }
      return bytes + metrics.estimatedBytes();
    }
  }

  /**
   * The current rows, in order of arrival. Any thread may read them while rows are added. Close the
   * snapshot: while it is open, adding rows costs a little more.
   */
  public IndexedRows snapshot() {
    return takeSnapshot();
  }

  /**
   * The current rows sorted by time and dimensions, as {@link
   * io.starfire.segment.format.SegmentWriter} needs them. All rows are sorted, outside the lock.
   */
  public IndexedRows sortedSnapshot() {
    return SortedRows.of(takeSnapshot(), rollup);
  }

  /**
   * As {@link #sortedSnapshot()}, with the rows that were spilled before.
   *
   * @param spilled all that were taken out of this index, in any order, and are written
   */
  public IndexedRows sortedSnapshot(List<SpilledRows> spilled) {
    LiveSnapshot rest;
    int[] nullIds;
    synchronized (lock) {
      int known =
          spilled.stream().mapToInt(SpilledRows::dimensionCount).min().orElse(dimensions.length);
      nullIds = new int[dimensions.length];
      for (int i = known; i < nullIds.length; i++) {
        if (dimensions[i] instanceof StringDimensionBuffer strings) {
          nullIds[i] = strings.nullId();
        }
      }
      rest = takeSnapshot();
    }
    return SortedRows.of(GatheredRows.of(spilled, rest, nullIds), rollup && spilled.isEmpty());
  }

  /**
   * Takes all rows out of the index, which keeps the ids of their texts. Rows that are added later
   * are not rolled up with them.
   *
   * @param file to which {@link SpilledRows#write} writes them
   */
  public SpilledRows spill(Path file) {
    synchronized (lock) {
      LiveSnapshot taken = takeSnapshot();
      for (DimensionBuffer dimension : dimensions) {
        dimension.clearRows();
      }
      metrics = new MetricStore(schema.metrics());
      times = new long[64];
      hashes = rollup ? new int[times.length] : hashes;
      slots = rollup ? new int[128] : slots;
      rows = 0;
      events = 0;
      minTimeMillis = Long.MAX_VALUE;
      maxTimeMillis = Long.MIN_VALUE;
      return new SpilledRows(taken, file);
    }
  }

  /** The part of {@link #estimatedBytes} that texts use; it stays when rows are spilled. */
  public long dictionaryBytes() {
    synchronized (lock) {
      long bytes = 0;
      for (DimensionBuffer dimension : dimensions) {
        bytes += dimension.dictionaryBytes();
      }
      return bytes;
    }
  }

  /** The part of {@link #estimatedBytes} that sketches use. */
  public long sketchBytes() {
    synchronized (lock) {
      return metrics.sketchBytes();
    }
  }

  private LiveSnapshot takeSnapshot() {
    synchronized (lock) {
      MetricStore.Shared shared = metrics.share();
      RowColumn[] dimensionViews = new RowColumn[dimensions.length];
      for (int i = 0; i < dimensions.length; i++) {
        dimensionViews[i] = dimensions[i].view(rows);
      }
      RowColumn[] metricViews = new RowColumn[schema.metrics().size()];
      for (int i = 0; i < metricViews.length; i++) {
        metricViews[i] = metricView(shared, i);
      }
      LiveLongColumn time =
          new LiveLongColumn(rows, new BitsView.Flat(times, null), minTimeMillis, maxTimeMillis);
      return new LiveSnapshot(
          schema,
          rows,
          events,
          time,
          List.of(dimensionViews),
          List.of(metricViews),
          releaseOf(metrics));
    }
  }

  private Runnable releaseOf(MetricStore shared) {
    return () -> {
      synchronized (lock) {
        shared.release();
      }
    };
  }

  private RowColumn metricView(MetricStore.Shared shared, int index) {
    MetricSpec metric = schema.metrics().get(index);
    return switch (metric.aggregation().type()) {
      case LONG -> new LiveLongColumn(rows, metrics.view(shared, index));
      case COMPLEX ->
          new LiveBytesColumn(
              SketchSpec.of(metric).kind().typeName(), rows, metrics.sketches(shared, index));
      default -> new LiveDoubleColumn(rows, metrics.view(shared, index));
    };
  }

  /**
   * Combines with the row of equal time and dimensions; if there is none, appends, returns false.
   */
  private boolean combined(DataRow row, long time, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != EMPTY) {
      int candidate = slots[slot] - 1;
      if (hashes[candidate] == hash && times[candidate] == time && holdsStaged(candidate)) {
        metrics.combine(candidate, row);
        return true;
      }
      slot = (slot + 1) & mask;
    }
    append(row, time);
    hashes[rows - 1] = hash;
    slots[slot] = rows;
    if (rows * 2 > slots.length) {
      rehash();
    }
    return false;
  }

  private boolean holdsStaged(int row) {
    for (DimensionBuffer dimension : dimensions) {
      if (!dimension.holdsStaged(row)) {
        return false;
      }
    }
    return true;
  }

  private void append(DataRow row, long time) {
    if (rows == times.length) {
      times = Arrays.copyOf(times, rows * 2);
      hashes = rollup ? Arrays.copyOf(hashes, rows * 2) : hashes;
    }
    times[rows] = time;
    for (DimensionBuffer dimension : dimensions) {
      dimension.append(rows);
    }
    metrics.append(rows, row);
    minTimeMillis = Math.min(minTimeMillis, time);
    maxTimeMillis = Math.max(maxTimeMillis, time);
    rows++;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int row = 0; row < rows; row++) {
      int slot = hashes[row] & mask;
      while (slots[slot] != EMPTY) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = row + 1;
    }
  }

  private long bucketOf(long timeMillis) {
    if (timeMillis < bucketStartMillis || timeMillis >= bucketEndMillis) {
      bucketStartMillis = queryGranularity.bucketStart(timeMillis);
      bucketEndMillis = queryGranularity.bucketEnd(bucketStartMillis);
    }
    return bucketStartMillis;
  }

  private void checkFits(DataRow row) {
    if (rows >= MAX_ROWS) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "an index of data source '%s' holds at most %,d rows; persist it before adding more"
              .formatted(schema.name(), MAX_ROWS));
    }
    int count = row.dimensionCount();
    boolean fits = growing ? count <= dimensions.length : count == dimensions.length;
    if (!fits || row.metricCount() != schema.metrics().size()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a row of data source '%s' must have %d dimensions and %d metrics, got %d and %d"
              .formatted(
                  schema.name(),
                  dimensions.length,
                  schema.metrics().size(),
                  row.dimensionCount(),
                  row.metricCount()));
    }
    for (int i = 0; i < count; i++) {
      dimensions[i].check(row, i);
    }
    metrics.check(row);
  }
}
