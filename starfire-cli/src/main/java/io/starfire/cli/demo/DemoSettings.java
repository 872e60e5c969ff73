package io.starfire.cli.demo;

import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the demonstration runs.
 *
 * @param directory for everything that it stores
 * @param port of the server; 0 for a free one
 * @param seed of the generator
 * @param once whether it ends after the replacement
 * @param report where the report goes, if it is wanted
 * @param speed milliseconds of event time in one of the clock, until the present is reached
 */
public record DemoSettings(
    Path directory, int port, long seed, boolean once, Optional<Path> report, int speed) {
  /** Slow enough to look on. */
  public static final int SPEED = 480;

  static final Duration LATENESS = Duration.ofMinutes(5);
  static final Duration SLACK = Duration.ofMinutes(5);

  /** What the join of the pipeline asks for; the stream grants less. */
  static final Duration WINDOW = Duration.ofHours(2);

  static final int HOURS_BEFORE_PRESENT = 8;
  static final int HOURS_REPLACED = 5;

  static final int SOURCE_PARTITIONS = 2;

  /** The configuration of all parts: short intervals, so that much happens in a minute. */
  StarfireConfig config(String bootstrapServers, int serverPort) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("starfire.kafka.bootstrap-servers", bootstrapServers);
    values.put("starfire.kafka.replication-factor", "1");
    values.put("starfire.sources.impressions.topic", "impressions");
    values.put("starfire.sources.clicks.topic", "clicks");
    values.put("starfire.lookups.advertisers.file", advertisers().toString());
    values.put("starfire.lookups.advertisers.key-column", "advertiserId");
    values.put("starfire.stream.lateness", LATENESS.toString());
    values.put("starfire.stream.grant", "15m");
    values.put("starfire.stream.partitions", "2");
    values.put("starfire.stream.port", "0");
    values.put("starfire.stream.state-dir", inside("stream"));
    values.put("starfire.archive.root", inside("archive"));
    values.put("starfire.archive.roll-interval", "3s");
    values.put("starfire.archive.completeness-interval", "1s");
    values.put("starfire.archive.port", "0");
    values.put("starfire.batch.arrival-slack", SLACK.toString());
    values.put("starfire.batch.work-dir", inside("batch"));
    values.put("starfire.server.port", Integer.toString(serverPort));
    values.put("starfire.server.coordinator-url", "http://127.0.0.1:" + serverPort);
    values.put("starfire.server.data-dir", inside("server"));
    values.put("starfire.deep-storage.root", inside("deep-storage"));
    values.put("starfire.realtime.persist-period", "10s");
    values.put("starfire.realtime.hand-off-period", "30s");
    return StarfireConfig.fromMap(values);
  }

  Path advertisers() {
    return directory.resolve("advertisers.csv");
  }

  Path archive() {
    return directory.resolve("archive");
  }

  Path kafka() {
    return directory.resolve("kafka");
  }

  private String inside(String name) {
    return directory.resolve(name).toString();
  }
}
