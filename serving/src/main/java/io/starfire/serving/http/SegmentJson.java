package io.starfire.serving.http;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.serving.inventory.SegmentEntry;
import io.starfire.serving.inventory.ServerEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Segments and data sources in the JSON of Druid's coordinator. Stateless. */
final class SegmentJson {
  /** Of Druid's segment format; clients only hand it on. */
  private static final int BINARY_VERSION = 9;

  private SegmentJson() {}

  static Map<String, Object> segment(SegmentEntry segment) {
    Map<String, Object> loadSpec = new LinkedHashMap<>();
    loadSpec.put("type", segment.tombstone() ? "tombstone" : "starfire");
    loadSpec.put("path", segment.path());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("dataSource", segment.dataSource());
    json.put("interval", segment.interval().toString());
    json.put("version", segment.version());
    json.put("loadSpec", loadSpec);
    json.put("dimensions", String.join(",", segment.dimensions()));
    json.put("metrics", String.join(",", segment.metrics()));
    json.put("shardSpec", segment.shardSpec());
    json.put("binaryVersion", BINARY_VERSION);
    json.put("size", segment.sizeBytes());
    json.put("identifier", segment.id());
    return json;
  }

  /** A data source, summed over segments that it has. */
  static Map<String, Object> dataSource(List<SegmentEntry> segments) {
    long size = segments.stream().mapToLong(SegmentEntry::sizeBytes).sum();
    Map<String, Object> tier = new LinkedHashMap<>();
    tier.put("size", size);
    tier.put("replicatedSize", size);
    tier.put("segmentCount", segments.size());
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(
        "maxTime",
        Times.format(
            segments.stream()
                .map(SegmentEntry::interval)
                .mapToLong(Interval::endMillis)
                .max()
                .orElse(0)));
    all.put("size", size);
    all.put(
        "minTime",
        Times.format(
            segments.stream()
                .map(SegmentEntry::interval)
                .mapToLong(Interval::startMillis)
                .min()
                .orElse(0)));
    all.put("count", segments.size());
    all.put("replicatedSize", size);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("tiers", Map.of(ServerEntry.TIER, tier));
    json.put("segments", all);
    return json;
  }

  /** How many segments, and how many bytes. */
  static Map<String, Object> sizes(List<SegmentEntry> segments) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("size", segments.stream().mapToLong(SegmentEntry::sizeBytes).sum());
    json.put("count", segments.size());
    return json;
  }
}
