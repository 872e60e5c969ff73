package io.starfire.cli.demo;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archiver.Archiver;
import io.starfire.archiver.ArchiverOptions;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.serving.realtime.RealtimeNode;
import io.starfire.serving.server.StandaloneServer;
import io.starfire.stream.StreamDriver;
import io.starfire.stream.StreamOptions;
import io.starfire.stream.StreamStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * Everything of Starfire that runs in the demonstration, and the broker. Closed in reverse order.
 */
final class DemoParts implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final DemoSettings settings;
  private final EmbeddedKafka kafka;
  private final StandaloneServer server;
  private final StarfireConfig config;
  private final StreamDriver stream;
  private final Archiver archiver;
  private final Admin admin;

  DemoParts(DemoSettings settings) {
    this.settings = settings;
    boolean started = false;
    try {
      checkPort(settings.port());
      writeAdvertisers();
      kafka = add(EmbeddedKafka.start(settings.kafka()));
      kafka.createTopic(AdEvents.IMPRESSIONS, DemoSettings.SOURCE_PARTITIONS);
      kafka.createTopic(AdEvents.CLICKS, DemoSettings.SOURCE_PARTITIONS);
      server =
          add(StandaloneServer.start(settings.config(kafka.bootstrapServers(), settings.port())));
      config = settings.config(kafka.bootstrapServers(), server.port());
      StreamOptions options =
          StreamOptions.of(AdEvents.class.getName(), AdEvents.class.getClassLoader(), config);
      stream = add(StreamDriver.start(options));
      archiver =
          add(
              Archiver.start(
                  ArchiverOptions.of(
                      AdEvents.class.getName(), AdEvents.class.getClassLoader(), config)));
      admin = add(Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers())));
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  StarfireConfig config() {
    return config;
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  int port() {
    return server.port();
  }

  StreamStatus stream() {
    return stream.status();
  }

  /** Throws why the stream or the archiver has stopped, if one has. */
  void check() {
    StreamStatus status = stream.status();
    if (status.state() == StreamStatus.State.FAILED) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the stream has stopped: " + status.failure());
    }
    if (archiver.failure() != null) {
      throw archiver.failure();
    }
  }

  /** All results of on-time events below this event time have been written; -1 while unknown. */
  long resultsUpToMillis() {
    return stream.status().results().getOrDefault(AdEvents.DATA_SOURCE, -1L);
  }

  /** Whether the server has rows to show. */
  boolean hasRows() {
    return server
        .realtime()
        .map(node -> positions(node).values().stream().anyMatch(offset -> offset > 0))
        .orElse(false);
  }

  /** Whether every row that the stream has committed by now can be queried. */
  boolean everythingShows() {
    Map<Integer, Long> positions = server.realtime().map(node -> positions(node)).orElse(Map.of());
    Map<Integer, Long> ends = committedEnds();
    return ends.entrySet().stream()
        .allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  /** The archive is complete for everything that had arrived by this time, on the clock. */
  long archiveCompleteToMillis() {
    Path marks = settings.archive().resolve(ArchiveLayout.COMPLETE);
    if (!Files.isDirectory(marks)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(marks)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(ArchiveLayout::isListed)
          .mapToLong(ArchiveLayout::numberOf)
          .max()
          .orElse(-1);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the archive's marks in '%s' cannot be read".formatted(marks), e);
    }
  }

  private static Map<Integer, Long> positions(RealtimeNode node) {
    return node.dataSources().contains(AdEvents.DATA_SOURCE)
        ? node.positions(AdEvents.DATA_SOURCE)
        : Map.of();
  }

  private Map<Integer, Long> committedEnds() {
    String topic = stream.dataSourceTopic(AdEvents.DATA_SOURCE);
    try {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .forEach(
              partition ->
                  latest.put(
                      new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
      Map<Integer, Long> ends = new HashMap<>();
      admin
          .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
          .all()
          .get()
          .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
      return ends;
    } catch (ExecutionException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the broker does not tell the end of topic " + topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted while asking the broker", e);
    }
  }

  /** The server is started after the broker, which is too late to hear of a port in use. */
  private static void checkPort(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "port %d on 127.0.0.1 cannot be listened at (%s); stop what listens there, or name another with --port"
              .formatted(port, e.getMessage()),
          e);
    }
  }

  private void writeAdvertisers() {
    try {
      Files.writeString(settings.advertisers(), AdEventsGenerator.advertisersCsv());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "'%s' cannot be written (%s)".formatted(settings.advertisers(), IoFailure.reason(e)),
          e);
    }
  }

  private <P extends AutoCloseable> P add(P part) {
    parts.push(part);
    return part;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        // the other parts have to be closed all the same; what this one lost was not committed
      }
    }
  }
}
