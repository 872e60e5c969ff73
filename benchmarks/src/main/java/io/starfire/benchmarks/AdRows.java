package io.starfire.benchmarks;

import io.starfire.api.DataSource;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.LookupTable;
import io.starfire.jobs.ads.AdEvent;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.Advertiser;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.GeneratedRecord;
import io.starfire.jobs.ads.Impression;
import io.starfire.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows that {@link AdEvents} would write for generated impressions, as the bytes that travel on
 * the topic of the data source, by hour of event time. Copies are kept and a click counts whenever
 * it comes, so these are realistic rows and not exact results. Not thread-safe.
 */
final class AdRows {
  static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
  private static final double HOURS = 8;

  private final DataSourceSchema schema;
  private final TreeMap<Long, List<byte[]>> rowsByHour = new TreeMap<>();
  private long rows;
  private long clicks;
  private double revenue;

  private AdRows(DataSourceSchema schema) {
    this.schema = schema;
  }

  /**
   * Generates rows over about eight hours.
   *
   * @param rollup whether the schema rolls rows up by minute, as the pipeline does
   */
  static AdRows generate(long seed, int rows, boolean rollup) {
    DataSource<AdEvent> dataSource = dataSource().rollup(rollup);
    LookupTable<String, Advertiser> advertisers =
        LookupTable.loadCsv(
            AdEvents.ADVERTISERS,
            AdEventsGenerator.advertisersCsv().getBytes(StandardCharsets.UTF_8),
            String.class,
            Advertiser.class,
            "advertiserId");
    AdRows made = new AdRows(dataSource.schema());
    DataRowCodec codec = DataRowCodec.of(dataSource.schema());
    List<Impression> impressions = new ArrayList<>(rows);
    Map<String, Boolean> clicked = new HashMap<>();
    collect(seed, rows, impressions, clicked);
    for (Impression impression : impressions) {
      boolean isClicked = clicked.containsKey(impression.impressionId());
      AdEvent event = event(impression, isClicked, advertisers);
      long timeMillis = impression.servedAt().toEpochMilli();
      made.add(timeMillis, codec.encode(dataSource.toRow(event, timeMillis)), event);
    }
    return made;
  }

  private static void collect(
      long seed, int rows, List<Impression> impressions, Map<String, Boolean> clicked) {
    double perSecond = rows / (HOURS * Duration.ofHours(1).toSeconds());
    AdEventsGenerator generator =
        new AdEventsGenerator(
            new AdEventsGenerator.Settings(seed, START, perSecond, Duration.ofMinutes(5)));
    while (impressions.size() < rows) {
      GeneratedRecord record = generator.next();
      if (record.eventTimeMillis().isEmpty()) {
        continue;
      }
      Record event = record.event().orElseThrow();
      if (event instanceof Impression impression && !"test".equals(impression.publisher())) {
        impressions.add(impression);
      } else if (event instanceof Click click && click.impressionId() != null) {
        clicked.put(click.impressionId(), true);
      }
    }
  }

  private static AdEvent event(
      Impression impression, boolean clicked, LookupTable<String, Advertiser> advertisers) {
    String name =
        Optional.ofNullable(impression.advertiserId())
            .flatMap(advertisers::get)
            .map(Advertiser::name)
            .orElse("unknown");
    String publisher = impression.publisher();
    return new AdEvent(
        impression.advertiserId(),
        name,
        publisher == null || publisher.isBlank() ? "none" : publisher,
        impression.city() == null ? "unknown" : impression.city(),
        clicked,
        impression.price());
  }

  @SuppressWarnings("unchecked") // AdEvents has one data source, and it is of AdEvent.
  private static DataSource<AdEvent> dataSource() {
    return (DataSource<AdEvent>) Planner.plan(new AdEvents()).dataSources().get(0).dataSource();
  }

  private void add(long timeMillis, byte[] row, AdEvent event) {
    rowsByHour
        .computeIfAbsent(Granularity.HOUR.bucketStart(timeMillis), hour -> new ArrayList<>())
        .add(row);
    rows++;
    clicks += event.isClicked() ? 1 : 0;
    revenue += event.price();
  }

  DataSourceSchema schema() {
    return schema;
  }

  /** The hours that have rows, in order. */
  List<Interval> hours() {
    return rowsByHour.keySet().stream().map(Granularity.HOUR::bucket).toList();
  }

  /** From the first hour to the last. */
  Interval interval() {
    return new Interval(rowsByHour.firstKey(), Granularity.HOUR.bucketEnd(rowsByHour.lastKey()));
  }

  /** Encoded rows of an hour, in order of arrival. */
  List<byte[]> encoded(Interval hour) {
    return rowsByHour.get(hour.startMillis());
  }

  /**
   * Decodes the rows of an hour.
   *
   * @throws StarfireException never for rows made here
   */
  List<DataRow> decoded(Interval hour) {
    DataRowCodec codec = DataRowCodec.of(schema);
    return encoded(hour).stream().map(codec::decode).toList();
  }

  long rows() {
    return rows;
  }

  long clicks() {
    return clicks;
  }

  /** Exact: prices are multiples of 1/64. */
  double revenue() {
    return revenue;
  }
}
