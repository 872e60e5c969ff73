package io.starfire.serving.role;

import io.starfire.common.Interval;
import io.starfire.segment.column.IndexedRows;
import io.starfire.serving.query.exec.RowSource;
import java.util.List;

/**
 * Rows of one segment bucket that are not committed yet. They belong to the timeline under the
 * real-time version of the bucket, which is its start as ISO-8601 text.
 *
 * @param bucket one bucket of the real-time segment granularity
 * @param version the real-time version of the bucket
 * @param rows an open row set; closing this piece closes it
 */
public record LivePiece(Interval bucket, String version, IndexedRows rows) implements HeldPiece {
  @Override
  public RowSource source(List<Interval> parts) {
    String id = "%s_%s_%s_live".formatted(rows.schema().name(), bucket, version);
    return new RowSource(id.replace('/', '_'), bucket, rows, parts);
  }

  @Override
  public boolean isImmutable() {
    return false;
  }
}
