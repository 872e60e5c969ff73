package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * Compares the raw topics with those that the journal names. A topic that was deleted and created
 * again under its name is another one: its offsets mean other records, so that it is read only if
 * that is asked for, and then from its start.
 */
final class RawTopicChange {
  private final KafkaCalls kafka;
  private final StreamSettings settings;
  private final StreamJournal journal;
  private final StreamOptions options;
  private final GroupOffsets groups;

  RawTopicChange(
      KafkaCalls kafka, StreamSettings settings, StreamJournal journal, StreamOptions options) {
    this.kafka = kafka;
    this.settings = settings;
    this.journal = journal;
    this.options = options;
    this.groups = new GroupOffsets(kafka);
  }

  /**
   * Refuses topics that were made anew, or goes on with them.
   *
   * @return whether something was written to the journal
   * @throws StarfireException with INCOMPLETE_INPUT
   */
  boolean require(JournalState state, Map<String, TopicFact> raw) {
    boolean written = false;
    for (Map.Entry<String, TopicFact> now : raw.entrySet()) {
      String topic = now.getKey();
      String known = state.topicIds().get(topic);
      if (known != null && !known.equals(now.getValue().id())) {
        if (!(options.beginning() instanceof Beginning.NewTopic)) {
          throw refused(topic, known, now.getValue(), read(state, topic));
        }
        goOn(state, topic, now.getValue());
        written = true;
      }
    }
    return written;
  }

  /** Notes the topics that are read for the first time. */
  void note(JournalState state, Map<String, TopicFact> raw) {
    raw.forEach(
        (topic, fact) -> {
          if (!state.topicIds().containsKey(topic)) {
            journal.append(new JournalEntry.Topic(state.number(), topic, fact.id()));
          }
        });
  }

  /** The offsets are set first: if this ends in between, it is asked for again. */
  private void goOn(JournalState state, String topic, TopicFact fact) {
    String application = state.generation().application();
    // A process that has just failed is a member for a while yet.
    groups.awaitIdle(application);
    groups.commit(application, groups.logStarts(partitions(topic, fact)));
    journal.append(new JournalEntry.Topic(state.number(), topic, fact.id()));
    options
        .say()
        .accept(
            "topic '%s' was deleted and created again (its id was %s and is %s); the stream goes on with it from its start"
                .formatted(topic, state.topicIds().get(topic), fact.id()));
  }

  private StarfireException refused(
      String topic, String known, TopicFact fact, Map<Integer, Long> read) {
    Map<TopicPartition, Long> starts = groups.logStarts(partitions(topic, fact));
    Map<TopicPartition, Long> ends = groups.logEnds(partitions(topic, fact));
    return new StarfireException(
        ErrorCode.INCOMPLETE_INPUT,
        "data loss: topic '%s' was deleted and created again: the stream had read %s of the topic with id %s; the one there now at %s has id %s and holds %s, and its offsets mean other records. What was not read of the old one is lost to the stream; start with --new-topic to go on with the new one from its start, or with --reset to begin anew"
            .formatted(
                topic,
                read.isEmpty() ? "nothing that is known" : Ranges.upTo(read),
                known,
                settings.bootstrapServers(),
                fact.id(),
                Ranges.between(byNumber(starts), byNumber(ends))));
  }

  /** Up to where the stream had read the old topic, from what it has stored. */
  private Map<Integer, Long> read(JournalState state, String topic) {
    return new StoredProgress(kafka, settings)
        .of(state.generation().application())
        .raw()
        .getOrDefault(state.topicIds().get(topic), Map.of());
  }

  private static Set<TopicPartition> partitions(String topic, TopicFact fact) {
    Set<TopicPartition> all = new HashSet<>();
    for (int partition = 0; partition < fact.partitions(); partition++) {
      all.add(new TopicPartition(topic, partition));
    }
    return all;
  }

  private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> byNumber = new HashMap<>();
    offsets.forEach((partition, offset) -> byNumber.put(partition.partition(), offset));
    return byNumber;
  }
}
