package io.starfire.serving.server;

import static java.util.Objects.requireNonNull;

import io.starfire.config.StarfireConfig;
import io.starfire.event.RowTimes;
import io.starfire.kafka.DeadLetterLimit;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.serving.access.AccessSettings;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.jdbc.JdbcSettings;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.realtime.RealtimeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a standalone server needs to know.
 *
 * @param host a loopback address, unless callers must say who they are
 * @param port 0 for any that is free
 * @param dataDirectory of this server alone: metadata, segment cache, persisted rows
 * @param deepStorage where the segments are, shared with the batch driver
 * @param metadata which database; empty for an H2 file in the data directory
 * @param cacheMaxBytes of local copies of segments
 * @param maxRequestBytes of a request's body
 * @param coordinator how publications become active
 * @param broker what queries may use
 * @param realtime how topics are read; empty for a server that reads none
 * @param jdbc what JDBC clients may hold
 * @param access how callers say who they are
 */
public record ServerSettings(
    String host,
    int port,
    Path dataDirectory,
    DeepStorageLocation deepStorage,
    Optional<MetadataLocation> metadata,
    long cacheMaxBytes,
    int maxRequestBytes,
    Coordinator.Settings coordinator,
    BrokerSettings broker,
    Optional<RealtimeSettings> realtime,
    JdbcSettings jdbc,
    AccessSettings access) {
  /** What a group takes, as the engine guesses, while it is scanned, merged and answered. */
  private static final long BYTES_PER_GROUP = 512;

  public ServerSettings {
    requireNonNull(host, "host");
    requireNonNull(access, "access");
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
    requireNonNull(deepStorage, "deepStorage");
    requireNonNull(metadata, "metadata");
    requireNonNull(jdbc, "jdbc");
  }

  /** With the defaults for JDBC clients, and asking nobody who he is. */
  public ServerSettings(
      String host,
      int port,
      Path dataDirectory,
      DeepStorageLocation deepStorage,
      Optional<MetadataLocation> metadata,
      long cacheMaxBytes,
      int maxRequestBytes,
      Coordinator.Settings coordinator,
      BrokerSettings broker,
      Optional<RealtimeSettings> realtime) {
    this(
        host,
        port,
        dataDirectory,
        deepStorage,
        metadata,
        cacheMaxBytes,
        maxRequestBytes,
        coordinator,
        broker,
        realtime,
        JdbcSettings.DEFAULT,
        AccessSettings.OPEN);
  }

  /**
   * Reads {@code starfire.server}, {@code realtime}, {@code metadata}, {@code deep-storage} and
   * {@code kafka}.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT, naming the key
   */
  public static ServerSettings of(StarfireConfig config) {
    Path dataDirectory = Path.of(config.string("starfire.server.data-dir"));
    return new ServerSettings(
        config.string("starfire.server.host"),
        config.integer("starfire.server.port", 0, 65_535),
        dataDirectory,
        DeepStorageLocation.from(config),
        metadata(config),
        config.bytes("starfire.server.cache-max-bytes"),
        (int) Math.min(config.bytes("starfire.server.max-request-bytes"), Integer.MAX_VALUE - 8L),
        new Coordinator.Settings(
            config.decimal("starfire.server.accepted-loss"),
            Coordinator.Settings.DEFAULT.dutyPeriod(),
            new KeptViews(
                config.integer("starfire.server.kept-views", 0, 1000),
                config.duration("starfire.server.kept-views-for"))),
        brokerSettings(config, dataDirectory),
        Optional.of(realtimeSettings(config, dataDirectory)),
        new JdbcSettings(
            config.integer("starfire.server.jdbc.max-connections", 1, 100_000),
            config.integer("starfire.server.jdbc.max-statements", 1, 100_000),
            config.duration("starfire.server.jdbc.connection-idle"),
            config.duration("starfire.server.jdbc.statement-idle")),
        AccessSettings.of(config));
  }

  /** With another port. */
  public ServerSettings withPort(int other) {
    return new ServerSettings(
        host,
        other,
        dataDirectory,
        deepStorage,
        metadata,
        cacheMaxBytes,
        maxRequestBytes,
        coordinator,
        broker,
        realtime,
        jdbc,
        access);
  }

  /** With other ways to say who one is. */
  public ServerSettings withAccess(AccessSettings other) {
    return new ServerSettings(
        host,
        port,
        dataDirectory,
        deepStorage,
        metadata,
        cacheMaxBytes,
        maxRequestBytes,
        coordinator,
        broker,
        realtime,
        jdbc,
        other);
  }

  private static Optional<MetadataLocation> metadata(StarfireConfig config) {
    if (!config.has("starfire.metadata.url")) {
      return Optional.empty();
    }
    return Optional.of(
        new MetadataLocation(
            config.string("starfire.metadata.url"),
            optional(config, "starfire.metadata.user"),
            optional(config, "starfire.metadata.password")));
  }

  private static Optional<String> optional(StarfireConfig config, String key) {
    return config.has(key) ? Optional.of(config.string(key)) : Optional.empty();
  }

  private static BrokerSettings brokerSettings(StarfireConfig config, Path dataDirectory) {
    Map<String, Integer> lanes = new TreeMap<>();
    for (String lane : config.names("starfire.server.lanes")) {
      String key = StarfireConfig.path("starfire", "server", "lanes", lane);
      lanes.put(lane, config.integer(key, 1, 1024));
    }
    return new BrokerSettings(
        config.integer("starfire.server.scan-threads", 1, 1024),
        config.integer("starfire.server.max-running-queries", 1, 1024),
        config.integer("starfire.server.max-queued-queries", 0, 1_000_000),
        config.duration("starfire.server.query-timeout"),
        config.duration("starfire.server.max-query-timeout"),
        config.number("starfire.server.max-groups", 1, 1L << 32) * BYTES_PER_GROUP,
        lanes,
        Optional.of(
            new BrokerSettings.Spill(
                dataDirectory.resolve("spill"),
                config.bytes("starfire.server.spill-max-bytes"),
                config.bytes("starfire.server.spill-at-bytes"))),
        new BrokerSettings.Caches(
            config.bytes("starfire.server.partial-cache-bytes"),
            config.bytes("starfire.server.answer-cache-bytes"),
            config.bytes("starfire.server.global-id-cache-bytes")));
  }

  private static RealtimeSettings realtimeSettings(StarfireConfig config, Path dataDirectory) {
    Map<String, String> kafka = new TreeMap<>(config.properties("starfire.kafka.properties"));
    kafka.put("bootstrap.servers", config.string("starfire.kafka.bootstrap-servers"));
    Duration persistPeriod = config.duration("starfire.realtime.persist-period");
    RealtimeSettings.Builder settings =
        RealtimeSettings.builder(dataDirectory.resolve("realtime"), kafka);
    if (config.has("starfire.realtime.reject-older-than")) {
      settings.rejectOlderThan(config.duration("starfire.realtime.reject-older-than"));
    }
    settings.deadLetterLimit(DeadLetterLimit.from(config));
    if (config.has("starfire.realtime.dead-letter-topic")) {
      settings.deadLetterTopic(config.string("starfire.realtime.dead-letter-topic"));
    }
    return settings
        .persistAt(
            config.integer("starfire.realtime.max-rows-in-memory", 1, Integer.MAX_VALUE),
            config.bytes("starfire.realtime.max-bytes-in-memory"),
            persistPeriod)
        .handOffAt(
            config.number("starfire.realtime.hand-off-rows", 1, Long.MAX_VALUE),
            config.duration("starfire.realtime.hand-off-period"))
        .maxDiscoveredDimensions(
            config.integer("starfire.realtime.max-discovered-dimensions", 1, 100_000))
        .unhealthyAfter(config.duration("starfire.realtime.unhealthy-after"))
        .rowTimes(RowTimes.from(config))
        .continueAfterDataLoss(config.bool("starfire.realtime.continue-after-data-loss"))
        .build();
  }
}
