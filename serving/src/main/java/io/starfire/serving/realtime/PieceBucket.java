package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.role.LivePiece;

/**
 * The rows of a piece in one segment bucket whose columns go together: in memory at first, in a
 * mapped file once they are persisted. Guarded by the lock of the chain, but for writing out an
 * index that no row is added to any more.
 */
final class PieceBucket {
  private final Interval bucket;
  private IncrementalIndex index;
  private SegmentReader reader;

  /** Of the row before, which tends to be that of the next. */
  private DataSourceSchema lastSchema;

  PieceBucket(Interval bucket, IncrementalIndex index) {
    this.bucket = bucket;
    this.index = index;
  }

  Interval bucket() {
    return bucket;
  }

  /** Null once persisted. */
  IncrementalIndex index() {
    return index;
  }

  /** Whether a row of this time and schema belongs here. Of a piece that is open. */
  boolean takes(long timeMillis, DataSourceSchema schema) {
    return bucket.contains(timeMillis)
        && (isLast(schema) || SchemaGrowth.share(schema, index.schema()));
  }

  /**
   * Adds a row that belongs here; the index first gets the dimensions that only the row has.
   *
   * @return whether it is the first
   */
  boolean add(RowDecoder.Decoded row) {
    boolean first = index.eventCount() == 0;
    if (!isLast(row.schema())) {
      index.grow(row.schema());
    }
    index.add(row.row());
    lastSchema = row.schema();
    return first;
  }

  // Rows of one schema share the object; comparing columns would cost more than adding the row.
  @SuppressWarnings("ReferenceEquality")
  private boolean isLast(DataSourceSchema schema) {
    return schema == lastSchema;
  }

  long heapBytes() {
    return index == null ? 0 : index.estimatedBytes();
  }

  /** From here on the rows are read from the file. Snapshots that are open are not touched. */
  void persisted(SegmentReader file) {
    reader = file;
    index = null;
  }

  /** The rows of this moment; the receiver closes them. */
  IndexedRows open() {
    if (reader == null) {
      return index.snapshot();
    }
    return reader
        .tryShare()
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.INTERNAL,
                    "the persisted piece %s was closed while it was listed"
                        .formatted(reader.path())));
  }

  LivePiece openLive() {
    return new LivePiece(bucket, Times.format(bucket.startMillis()), open());
  }

  /** Null while in memory. */
  SegmentReader reader() {
    return reader;
  }
}
