package io.starfire.serving.http;

import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.view.View;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An element of {@code GET /starfire/v1/sizes}: how much of a data source a view holds, without
 * live rows.
 *
 * @param dataSource its name
 * @param segments those with a file of which something shows
 * @param hiddenSegments those with a file of which nothing shows
 * @param tombstones buckets that a batch run found empty, those that are hidden too
 * @param rows of the segments that show, after rollup
 * @param events of these, before rollup
 * @param bytes of these
 * @param hiddenBytes of the hidden segments
 * @param startMillis of the first segment that shows; null if none shows
 * @param endMillis of the last one
 */
public record DataSourceSize(
    String dataSource,
    long segments,
    long hiddenSegments,
    long tombstones,
    long rows,
    long events,
    long bytes,
    long hiddenBytes,
    @Nullable Long startMillis,
    @Nullable Long endMillis) {

  static List<DataSourceSize> all(View view) {
    return view.dataSources().stream().map(name -> of(view, name)).toList();
  }

  private static DataSourceSize of(View view, String dataSource) {
    Map<SegmentId, SegmentDescriptor> visible = view.visibleSegments(dataSource);
    long hiddenSegments = 0;
    long tombstones = 0;
    long hiddenBytes = 0;
    for (SegmentDescriptor segment : view.segments(dataSource)) {
      if (segment.tombstone()) {
        tombstones++;
      } else if (!visible.containsKey(segment.id())) {
        hiddenSegments++;
        hiddenBytes += segment.sizeBytes();
      }
    }
    long rows = 0;
    long events = 0;
    long bytes = 0;
    long start = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (SegmentDescriptor segment : visible.values()) {
      rows += segment.rowCount();
      events += segment.eventCount();
      bytes += segment.sizeBytes();
      start = Math.min(start, segment.id().interval().startMillis());
      end = Math.max(end, segment.id().interval().endMillis());
    }
    return new DataSourceSize(
        dataSource,
        visible.size(),
        hiddenSegments,
        tombstones,
        rows,
        events,
        bytes,
        hiddenBytes,
        visible.isEmpty() ? null : start,
        visible.isEmpty() ? null : end);
  }
}
