package io.starfire.archiver;

import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicRange;
import io.starfire.archive.TopicStart;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Ticker;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics that are archived, as the brokers have them now, and as the archive knows them. A
 * topic that was deleted and created again is another topic, which its id shows: its offsets mean
 * other records, and nothing of it is ever listed behind those of the old one. Used by one thread.
 */
final class RawTopics {
  private final KafkaCalls kafka;
  private final Manifest manifest;
  private final Set<String> names;
  private final Map<String, TopicStart> current = new TreeMap<>();
  private final Map<String, List<TopicRange>> former = new TreeMap<>();
  private final Duration missingTimeout;
  private final Ticker ticker;
  private final Map<String, Long> missingSinceNanos = new HashMap<>();

  /**
   * @param missingTimeout how long the brokers may not know a topic before it counts as deleted: a
   *     broker that restarts knows less for a while
   */
  RawTopics(
      KafkaCalls kafka,
      Manifest manifest,
      Set<String> names,
      Duration missingTimeout,
      Ticker ticker) {
    this.kafka = kafka;
    this.manifest = manifest;
    this.names = names;
    this.missingTimeout = missingTimeout;
    this.ticker = ticker;
  }

  /**
   * Finds the topics in the archive, and begins with those that are not there.
   *
   * @param continueWithNew whether a topic may be archived beside those that had its name before
   * @return all partitions
   * @throws StarfireException with NOT_FOUND if a topic does not exist, INCOMPLETE_INPUT if it is
   *     another one than the archive lists
   */
  List<TopicPartition> begin(boolean continueWithNew, long nowMillis) throws IOException {
    Map<String, TopicFact> facts = TopicFact.of(kafka, names);
    for (String name : names) {
      TopicFact fact = facts.get(name);
      if (fact == null) {
        throw new StarfireException(
            ErrorCode.NOT_FOUND,
            "topic '%s', which is to be archived, does not exist; create it, or correct starfire.sources"
                .formatted(name));
      }
      begin(name, fact, continueWithNew, nowMillis);
    }
    return partitions(facts);
  }

  private void begin(String name, TopicFact fact, boolean continueWithNew, long nowMillis)
      throws IOException {
    List<TopicRange> others = new ArrayList<>();
    for (TopicStart known : manifest.listed().topics(name)) {
      if (known.topicId().equals(fact.id())) {
        current.put(name, known);
      } else {
        others.add(listed(known));
      }
    }
    former.put(name, others);
    if (current.containsKey(name)) {
      return;
    }
    if (!others.isEmpty() && !continueWithNew) {
      throw another(name, others.get(others.size() - 1), fact);
    }
    Map<Integer, Long> starts = new TreeMap<>();
    offsets(partitions(Map.of(name, fact)), OffsetSpec.earliest())
        .forEach((partition, offset) -> starts.put(partition.partition(), offset));
    current.put(name, manifest.begin(new TopicStart(name, fact.id(), nowMillis, starts)));
  }

  private TopicRange listed(TopicStart known) throws IOException {
    Map<Integer, OffsetRange> ranges = new TreeMap<>();
    for (int partition : known.startOffsets().keySet()) {
      ranges.put(partition, manifest.listed().listed(known, partition));
    }
    for (int partition : manifest.listed().partitions(known.topic(), known.topicId())) {
      ranges.put(partition, manifest.listed().listed(known, partition));
    }
    return new TopicRange(known.topicId(), ranges);
  }

  /** What the archive knows of the topic that has a name now. */
  TopicStart current(String name) {
    return current.get(name);
  }

  /** What the archive lists of topics that had a name before. */
  List<TopicRange> former(String name) {
    return former.get(name);
  }

  /**
   * Looks whether the topics are those that they were. One that the brokers do not know is waited
   * for, and counts as deleted after a time.
   *
   * @return all partitions of those that exist, with any that were added
   * @throws StarfireException with INCOMPLETE_INPUT if one is another now, or is gone; UNAVAILABLE
   *     if no broker answers
   */
  List<TopicPartition> look() throws IOException {
    Map<String, TopicFact> facts = TopicFact.of(kafka, names);
    for (String name : names) {
      TopicFact fact = facts.get(name);
      if (fact != null && !fact.id().equals(current.get(name).topicId())) {
        throw another(name, listed(current.get(name)), fact);
      }
      if (fact != null) {
        missingSinceNanos.remove(name);
      } else if (hasBeenMissingForLong(name)) {
        throw new StarfireException(
            ErrorCode.INCOMPLETE_INPUT,
            "topic '%s' with id %s was deleted; of it the archive lists %s; if you create it again, start the archiver with --new-topic"
                .formatted(
                    name, current.get(name).topicId(), listed(current.get(name)).describe()));
      }
    }
    return partitions(facts);
  }

  private boolean hasBeenMissingForLong(String name) {
    long nowNanos = ticker.nanoTime();
    long sinceNanos = missingSinceNanos.computeIfAbsent(name, first -> nowNanos);
    return nowNanos - sinceNanos >= missingTimeout.toNanos();
  }

  private StarfireException another(String name, TopicRange archived, TopicFact fact) {
    Map<Integer, OffsetRange> there = new TreeMap<>();
    List<TopicPartition> partitions = partitions(Map.of(name, fact));
    Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    starts.forEach(
        (partition, start) ->
            there.put(
                partition.partition(),
                new OffsetRange(start, Math.max(start, ends.get(partition)))));
    return new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "data loss: topic '%s' was deleted and created again; the archive lists %s of the topic with id %s, and what that topic held beyond is lost; the topic that is there now has id %s and holds %s; start the archiver with --new-topic to archive it as a range of its own"
            .formatted(
                name,
                archived.describe(),
                archived.topicId(),
                fact.id(),
                new TopicRange(fact.id(), there).describe()));
  }

  private static List<TopicPartition> partitions(Map<String, TopicFact> facts) {
    List<TopicPartition> partitions = new ArrayList<>();
    facts.forEach(
        (name, fact) ->
            IntStream.range(0, fact.partitions())
                .forEach(number -> partitions.add(new TopicPartition(name, number))));
    return partitions;
  }

  /** The end of logs is asked for with open transactions: their records have arrived, too. */
  Map<TopicPartition, Long> offsets(List<TopicPartition> wanted, OffsetSpec which) {
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
}
