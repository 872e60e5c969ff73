package io.starfire.archiver;

import io.starfire.archive.Completeness;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.kafka.KafkaCalls;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archiver's work. It reads all raw partitions, each from where the manifest ends; committed
 * offsets of a group are not used, so that what is listed alone decides. Used by one thread.
 *
 * <p>Every so often it asks where the logs end, open transactions included. Once the manifest lists
 * all offsets below, the archive is complete for arrivals up to the time of asking.
 */
final class ArchiveLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaCalls kafka;
  private final RawEventTimes eventTimes;
  private final Manifest manifest;
  private final InstantSource clock;
  private final long rollMillis;
  private final long rollBytes;
  private final long completenessMillis;
  private final Map<TopicPartition, PartitionArchive> partitions = new HashMap<>();
  private Map<TopicPartition, Long> ends = Map.of();
  private long askedAtMillis;
  private boolean said = true;
  private long completeUpToMillis;
  private long rows;

  ArchiveLoop(
      KafkaConsumer<byte[], byte[]> consumer,
      KafkaCalls kafka,
      RawEventTimes eventTimes,
      ArchiveFiles files,
      StarfireConfig config,
      InstantSource clock,
      List<TopicPartition> assigned)
      throws IOException {
    this.consumer = consumer;
    this.kafka = kafka;
    this.eventTimes = eventTimes;
    this.manifest = new Manifest(files);
    this.clock = clock;
    this.rollMillis = config.duration("starfire.archive.roll-interval").toMillis();
    this.rollBytes = config.bytes("starfire.archive.roll-bytes");
    this.completenessMillis = config.duration("starfire.archive.completeness-interval").toMillis();
    consumer.assign(assigned);
    Map<TopicPartition, Long> starts = offsets(assigned, OffsetSpec.earliest());
    for (TopicPartition partition : assigned) {
      OptionalLong listed = manifest.end(partition.topic(), partition.partition());
      long from = listed.orElse(starts.get(partition));
      if (from < starts.get(partition)) {
        throw dataLoss(partition, from, starts.get(partition));
      }
      consumer.seek(partition, from);
      partitions.put(partition, new PartitionArchive(files, manifest, partition, from));
    }
  }

  /** Reads and writes once. */
  void step() throws IOException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    long nowMillis = clock.millis();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      partitions
          .get(new TopicPartition(record.topic(), record.partition()))
          .add(record, eventTimes.of(record, nowMillis), nowMillis);
    }
    for (PartitionArchive archive : partitions.values()) {
      archive.readUpTo(consumer.position(archive.partition()));
      if (archive.isDue(nowMillis, rollMillis, rollBytes) || isGapBeforeEnd(archive)) {
        list(archive, nowMillis);
      }
    }
    sayComplete();
    if (said && nowMillis - askedAtMillis >= completenessMillis) {
      askForEnds(nowMillis);
    }
  }

  /** Lists all that has been read. */
  void finish() throws IOException {
    for (PartitionArchive archive : partitions.values()) {
      if (archive.hasOpenFile()) {
        list(archive, clock.millis());
      }
    }
    sayComplete();
  }

  void discard() {
    for (PartitionArchive archive : partitions.values()) {
      try {
        archive.discard();
      } catch (IOException e) {
        LOG.warn("an unfinished file of {} is left behind", archive.partition(), e);
      }
    }
  }

  /** Whether only marks of transactions, and no records, lie between the listed and the end. */
  private boolean isGapBeforeEnd(PartitionArchive archive) {
    long end = ends.getOrDefault(archive.partition(), 0L);
    return !archive.hasOpenFile() && archive.listedEnd() < end && archive.position() >= end;
  }

  private void list(PartitionArchive archive, long nowMillis) throws IOException {
    long listed = archive.list(nowMillis);
    if (listed < 0) {
      LOG.warn(
          "another archiver has listed {} from the same offset; going on at {}",
          archive.partition(),
          archive.listedEnd());
      consumer.seek(archive.partition(), archive.position());
    } else {
      rows += listed;
    }
  }

  private void askForEnds(long nowMillis) {
    try {
      ends = offsets(List.copyOf(partitions.keySet()), OffsetSpec.latest());
      askedAtMillis = nowMillis;
      said = false;
    } catch (StarfireException e) {
      LOG.warn("{}", e.getMessage());
      askedAtMillis = nowMillis;
    }
  }

  private void sayComplete() throws IOException {
    if (said) {
      return;
    }
    for (PartitionArchive archive : partitions.values()) {
      if (archive.listedEnd() < ends.get(archive.partition())) {
        return;
      }
    }
    Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
    ends.forEach(
        (partition, end) ->
            byTopic
                .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), end));
    manifest.add(new Completeness(askedAtMillis, byTopic));
    completeUpToMillis = askedAtMillis;
    said = true;
  }

  ArchiverStatus status() {
    Map<String, Map<Integer, Long>> listed = new TreeMap<>();
    Map<String, Long> lag = new TreeMap<>();
    partitions.forEach(
        (partition, archive) -> {
          listed
              .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
              .put(partition.partition(), archive.listedEnd());
          long behind =
              Math.max(0, ends.getOrDefault(partition, archive.position()) - archive.listedEnd());
          lag.merge(partition.topic(), behind, Long::sum);
        });
    return new ArchiverStatus(
        ArchiverStatus.State.RUNNING, null, completeUpToMillis, listed, lag, rows);
  }

  /** The end of logs is asked for with open transactions: their records have arrived, too. */
  private Map<TopicPartition, Long> offsets(List<TopicPartition> wanted, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    wanted.forEach(partition -> request.put(partition, which));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    kafka
        .get(
            "list offsets",
            kafka
                .admin()
                .listOffsets(request, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                .all())
        .forEach((partition, found) -> offsets.put(partition, found.offset()));
    return offsets;
  }

  /** What is to be said when a log begins behind what is listed. */
  StarfireException dataLoss(List<TopicPartition> gone) {
    Map<TopicPartition, Long> starts = offsets(gone, OffsetSpec.earliest());
    List<String> ranges = new ArrayList<>();
    for (TopicPartition partition : gone) {
      ranges.add(range(partition, partitions.get(partition).position(), starts.get(partition)));
    }
    return dataLoss(String.join(", ", ranges));
  }

  private static StarfireException dataLoss(TopicPartition partition, long from, long start) {
    return dataLoss(range(partition, from, start));
  }

  private static String range(TopicPartition partition, long from, long start) {
    return "offsets %d to %d of topic '%s' partition %d"
        .formatted(from, start - 1, partition.topic(), partition.partition());
  }

  private static StarfireException dataLoss(String ranges) {
    return new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "data loss: %s were deleted before they were archived; begin another archive with starfire.archive.root, and give the topic a longer retention"
            .formatted(ranges));
  }
}
