package io.starfire.serving;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.protocol.PushedSegment;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.storage.DeepStorage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Real segment files of a small data source, for tests. */
public final class SegmentFiles {
  public static final DataSourceSchema SCHEMA =
      new DataSourceSchema(
          "ads",
          List.of(new DimensionSpec("publisher", ColumnType.STRING)),
          List.of(
              new MetricSpec("count", MetricSpec.Aggregation.COUNT),
              new MetricSpec("clicks", MetricSpec.Aggregation.LONG_SUM)),
          Granularity.HOUR,
          Granularity.MINUTE,
          true);

  private SegmentFiles() {}

  /** An hour of 20 November 2026. */
  public static Interval hour(int hour) {
    long start = Instant.parse("2026-11-20T00:00:00Z").toEpochMilli() + hour * 3_600_000L;
    return new Interval(start, start + 3_600_000L);
  }

  public static Interval hours(int from, int to) {
    return new Interval(hour(from).startMillis(), hour(to).startMillis());
  }

  /** An event of one publisher with a number of clicks. */
  public static DataRow row(long timeMillis, String publisher, long clicks) {
    return new DataRow(timeMillis, new Object[] {publisher}, new long[] {0, clicks}, null);
  }

  /** Events of one bucket: {@code events} of them, each with so many clicks. */
  public static IncrementalIndex index(Interval bucket, int events, long clicks) {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (int i = 0; i < events; i++) {
      boolean unused =
          index.add(row(bucket.startMillis() + i * 1000L % 3_600_000, "p" + i % 3, clicks));
    }
    return index;
  }

  private static WrittenSegment write(IncrementalIndex index, Interval bucket, Path file) {
    try (IndexedRows rows = index.sortedSnapshot()) {
      return SegmentWriter.write(rows, bucket, file);
    }
  }

  /** Pushes a batch segment to deep storage. */
  public static SegmentDescriptor push(
      DeepStorage deepStorage,
      Path work,
      Interval bucket,
      String version,
      int events,
      long clicks) {
    SegmentId id = new SegmentId(SCHEMA.name(), bucket, version, 0);
    Path file = work.resolve(id.fileName());
    WrittenSegment written = write(index(bucket, events, clicks), bucket, file);
    String path = deepStorage.push(file, "ads/" + id.fileName() + ".segment");
    return new SegmentDescriptor(
        id, 1, false, path, written.sizeBytes(), written.rowCount(), written.eventCount());
  }

  /** Pushes a real-time segment to deep storage. */
  public static PushedSegment push(
      DeepStorage deepStorage, Path work, Interval bucket, IncrementalIndex index) {
    String name = UUID.randomUUID().toString();
    Path file = work.resolve(name);
    WrittenSegment written = write(index, bucket, file);
    String path = deepStorage.push(file, "realtime/" + name + ".segment");
    return new PushedSegment(
        bucket, path, written.sizeBytes(), written.rowCount(), written.eventCount());
  }
}
