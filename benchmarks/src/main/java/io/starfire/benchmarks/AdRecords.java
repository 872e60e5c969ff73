package io.starfire.benchmarks;

import io.starfire.config.StarfireConfig;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.GeneratedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Raw records of the pipeline's two sources, and the configuration that goes with them. */
final class AdRecords {
  private AdRecords() {}

  /** So many records, in order of arrival, spread over about so many hours from {@code start}. */
  static List<GeneratedRecord> generate(long seed, Instant start, int records, int hours) {
    // An impression comes with about 0.25 other records.
    double perSecond = records / (1.25 * Duration.ofHours(hours).toSeconds());
    AdEventsGenerator generator =
        new AdEventsGenerator(
            new AdEventsGenerator.Settings(seed, start, perSecond, Duration.ofMinutes(5)));
    List<GeneratedRecord> made = new ArrayList<>(records);
    for (int i = 0; i < records; i++) {
      made.add(generator.next());
    }
    return made;
  }

  /** Writes one file of newline-delimited JSON for each source; returns the bytes written. */
  static long write(List<GeneratedRecord> records, Path impressions, Path clicks)
      throws IOException {
    StringBuilder[] lines = {new StringBuilder(), new StringBuilder()};
    for (GeneratedRecord record : records) {
      lines[record.source().equals(AdEvents.IMPRESSIONS) ? 0 : 1]
          .append(new String(record.value(), StandardCharsets.UTF_8))
          .append('\n');
    }
    Path one = Files.writeString(impressions.resolve("part-0.json"), lines[0]);
    Path other = Files.writeString(clicks.resolve("part-0.json"), lines[1]);
    return Files.size(one) + Files.size(other);
  }

  /** What both drivers are told, as {@code conf/ad-events.conf} does; writes the lookup. */
  static StarfireConfig config(Path directory, Map<String, String> more) throws IOException {
    Path advertisers = directory.resolve("advertisers.csv");
    Files.writeString(advertisers, AdEventsGenerator.advertisersCsv());
    Map<String, String> values = new HashMap<>();
    values.put("starfire.sources.impressions.topic", AdEvents.IMPRESSIONS);
    values.put("starfire.sources.impressions.time.column", "servedAt");
    values.put("starfire.sources.clicks.topic", AdEvents.CLICKS);
    values.put("starfire.sources.clicks.time.column", "clickedAt");
    values.put("starfire.lookups.advertisers.file", advertisers.toString());
    values.put("starfire.lookups.advertisers.key-column", "advertiserId");
    values.putAll(more);
    return StarfireConfig.fromMap(values);
  }
}
