package io.starfire.archiver;

import io.starfire.archive.Completeness;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicRange;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archiver's work. It reads all raw partitions, each from where the manifest ends; committed
 * offsets of a group are not used, so that what is listed alone decides. Used by one thread.
 *
 * <p>Every so often it asks which partitions there are and where their logs end, open transactions
 * included. Once the manifest lists all offsets below, the archive is complete for arrivals up to
 * the time of asking. Nothing is listed before the brokers have said that the topic still is the
 * one that it was when it was read.
 */
final class ArchiveLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveLoop.class);
  private static final Duration LONGEST_POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final RawEventTimes eventTimes;
  private final ArchiveFiles files;
  private final Manifest manifest;
  private final RawTopics topics;
  private final InstantSource clock;
  private final ArchiverHealth health;
  private final Duration poll;
  private final long rollMillis;
  private final long rollBytes;
  private final long completenessMillis;
  private final Map<TopicPartition, PartitionArchive> partitions = new LinkedHashMap<>();
  private Map<TopicPartition, Long> ends = Map.of();
  private long lookedAtMillis;
  private long askedAtMillis;
  private boolean said = true;
  private long completeUpToMillis;
  private long rows;

  /**
   * @param assigned all partitions of {@code topics}
   */
  ArchiveLoop(
      Consumer<byte[], byte[]> consumer,
      RawEventTimes eventTimes,
      ArchiveFiles files,
      RawTopics topics,
      Manifest manifest,
      StarfireConfig config,
      InstantSource clock,
      ArchiverHealth health,
      List<TopicPartition> assigned)
      throws IOException {
    this.consumer = consumer;
    this.eventTimes = eventTimes;
    this.files = files;
    this.manifest = manifest;
    this.topics = topics;
    this.clock = clock;
    this.health = health;
    this.rollMillis = config.duration("starfire.archive.roll-interval").toMillis();
    this.rollBytes = config.bytes("starfire.archive.roll-bytes");
    this.completenessMillis = config.duration("starfire.archive.completeness-interval").toMillis();
    // A wait for records must not hold up what is due.
    this.poll =
        Duration.ofMillis(
            Math.min(LONGEST_POLL.toMillis(), Math.min(rollMillis, completenessMillis)));
    add(assigned);
  }

  /** Reads partitions that are not read yet, each from where the manifest ends. */
  private void add(List<TopicPartition> found) throws IOException {
    List<TopicPartition> added =
        found.stream().filter(partition -> !partitions.containsKey(partition)).toList();
    if (added.isEmpty()) {
      return;
    }
    Map<TopicPartition, Long> starts = topics.offsets(added, OffsetSpec.earliest());
    List<PartitionArchive> opened = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    for (TopicPartition partition : added) {
      TopicStart topic = topics.current(partition.topic());
      long from = manifest.listed().listed(topic, partition.partition()).end();
      if (from < starts.get(partition)) {
        lost.add(range(partition, from, starts.get(partition)));
      }
      opened.add(new PartitionArchive(files, manifest, topic, partition.partition(), from));
    }
    if (!lost.isEmpty()) {
      throw dataLoss(String.join(", ", lost));
    }
    opened.forEach(archive -> partitions.put(archive.partition(), archive));
    consumer.assign(partitions.keySet());
    opened.forEach(archive -> consumer.seek(archive.partition(), archive.position()));
  }

  /** Reads and writes once. */
  void step() throws IOException {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(poll);
    long nowMillis = clock.millis();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      partitions
          .get(new TopicPartition(record.topic(), record.partition()))
          .add(record, eventTimes.of(record, nowMillis), nowMillis);
    }
    for (PartitionArchive archive : partitions.values()) {
      archive.readUpTo(consumer.position(archive.partition()));
    }
    listAll(
        partitions.values().stream()
            .filter(
                archive ->
                    archive.isDue(nowMillis, rollMillis, rollBytes) || isGapBeforeEnd(archive))
            .toList(),
        nowMillis);
    sayComplete();
    health.noteBehind(!said);
    if (nowMillis - lookedAtMillis >= completenessMillis) {
      look(nowMillis);
    }
  }

  /** Lists all that has been read. */
  void finish() throws IOException {
    listAll(
        partitions.values().stream().filter(PartitionArchive::hasOpenFile).toList(),
        clock.millis());
    sayComplete();
  }

  /** Gives up what is not listed; it is read again at the next start. */
  void discard() {
    for (PartitionArchive archive : partitions.values()) {
      try {
        archive.discard();
      } catch (IOException | RuntimeException e) {
        LOG.warn("an unfinished file of {} is left behind", archive.partition(), e);
      }
    }
  }

  /** Whether only marks of transactions, and no records, lie between the listed and the end. */
  private boolean isGapBeforeEnd(PartitionArchive archive) {
    long end = ends.getOrDefault(archive.partition(), 0L);
    return !archive.hasOpenFile() && archive.listedEnd() < end && archive.position() >= end;
  }

  private void listAll(List<PartitionArchive> due, long nowMillis) throws IOException {
    if (due.isEmpty()) {
      return;
    }
    try {
      // Ids do not come back: what was read before now is of the topic that has the id now.
      List<TopicPartition> unused = topics.look();
      health.noteAnswer();
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      health.noteSilence();
      LOG.warn("nothing is listed until a broker answers: {}", e.getMessage());
      return;
    }
    for (PartitionArchive archive : due) {
      list(archive, nowMillis);
    }
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
      health.noteListed();
    }
  }

  private void look(long nowMillis) throws IOException {
    lookedAtMillis = nowMillis;
    try {
      List<TopicPartition> there = topics.look();
      health.noteAnswer();
      // An end that is not reached yet, in a backlog or behind an open transaction, stays; but a
      // partition that was added is read at once, and has to be in the next mark.
      if (said || !partitions.keySet().containsAll(there)) {
        askForEnds(there, nowMillis);
      }
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.UNAVAILABLE) {
        throw e;
      }
      health.noteSilence();
      LOG.warn("{}", e.getMessage());
    }
  }

  private void askForEnds(List<TopicPartition> there, long nowMillis) throws IOException {
    // What was asked before is of other partitions.
    said = true;
    askedAtMillis = nowMillis;
    int before = partitions.size();
    add(there);
    if (partitions.size() > before) {
      LOG.info("{} partitions were added; they are archived too", partitions.size() - before);
    }
    ends = topics.offsets(there, OffsetSpec.latest());
    // While a topic is not there, nothing can be said of it.
    said = !ends.keySet().containsAll(partitions.keySet());
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
    manifest.add(new Completeness(askedAtMillis, complete()));
    completeUpToMillis = askedAtMillis;
    said = true;
  }

  private Map<String, List<TopicRange>> complete() {
    Map<String, Map<Integer, OffsetRange>> ranges = new TreeMap<>();
    ends.forEach(
        (partition, end) -> {
          long start = topics.current(partition.topic()).of(partition.partition());
          ranges
              .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
              .put(partition.partition(), new OffsetRange(start, end));
        });
    Map<String, List<TopicRange>> complete = new TreeMap<>();
    ranges.forEach(
        (topic, current) -> {
          List<TopicRange> all = new ArrayList<>(topics.former(topic));
          all.add(new TopicRange(topics.current(topic).topicId(), current));
          complete.put(topic, all);
        });
    return complete;
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
        ArchiverStatus.State.RUNNING, null, null, completeUpToMillis, listed, lag, rows);
  }

  /** What is to be said when a partition does not have the offset that is to be read next. */
  StarfireException outOfRange(List<TopicPartition> gone) throws IOException {
    // A topic that is another one now is the reason why, if it is one.
    List<TopicPartition> unused = topics.look();
    Map<TopicPartition, Long> starts = topics.offsets(gone, OffsetSpec.earliest());
    Map<TopicPartition, Long> logEnds = topics.offsets(gone, OffsetSpec.latest());
    List<String> ranges = new ArrayList<>();
    for (TopicPartition partition : gone) {
      long next = partitions.get(partition).position();
      if (next > logEnds.get(partition)) {
        return new StarfireException(
            ErrorCode.INCOMPLETE_INPUT,
            "data loss: topic '%s' partition %d was archived up to offset %d, and its log now ends at %d: the brokers have lost records; begin another archive with starfire.archive.root"
                .formatted(partition.topic(), partition.partition(), next, logEnds.get(partition)));
      }
      ranges.add(range(partition, next, starts.get(partition)));
    }
    return dataLoss(String.join(", ", ranges));
  }

  /** The end is exclusive. */
  private static String range(TopicPartition partition, long from, long end) {
    return "%s of topic '%s' partition %d"
        .formatted(
            new OffsetRange(from, Math.max(from, end)), partition.topic(), partition.partition());
  }

  private static StarfireException dataLoss(String ranges) {
    return new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "data loss: %s were deleted before they were archived; begin another archive with starfire.archive.root, and give the topic a longer retention"
            .formatted(ranges));
  }
}
