package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The stream's own topics, by their ids: what is in them is part of its state, so that one that is
 * gone, or was made anew, is a loss.
 */
final class TopicLedger {
  private final KafkaCalls kafka;
  private final StreamJournal journal;
  private final StreamSettings settings;

  TopicLedger(KafkaCalls kafka, StreamJournal journal, StreamSettings settings) {
    this.kafka = kafka;
    this.journal = journal;
    this.settings = settings;
  }

  /**
   * Compares the topics that the stream has made with the journal.
   *
   * @throws StarfireException with INCOMPLETE_INPUT
   */
  void requireOwn(JournalState state, StreamTopics topics) {
    Map<String, String> known = new TreeMap<>(state.topicIds());
    known.keySet().removeIf(topic -> !isOwn(topic, topics));
    if (known.isEmpty()) {
      return;
    }
    Map<String, TopicFact> facts = TopicFact.of(kafka, known.keySet());
    known.forEach(
        (topic, id) -> {
          TopicFact fact = facts.get(topic);
          if (fact == null || !fact.id().equals(id)) {
            throw new StarfireException(
                ErrorCode.INCOMPLETE_INPUT,
                "data loss: topic '%s', which the stream '%s' writes, had id %s and %s at %s; what was in it is lost. Begin the stream anew with --reset, and mend the hours before with a batch run"
                    .formatted(
                        topic,
                        topics.applicationId(),
                        id,
                        fact == null ? "is gone" : "has id " + fact.id(),
                        settings.bootstrapServers()));
          }
        });
  }

  /** Notes those that the journal does not know yet; they were just made. */
  void noteOwn(JournalState state, Map<String, TopicFact> own) {
    own.forEach(
        (topic, fact) -> {
          if (!state.topicIds().containsKey(topic)) {
            journal.append(new JournalEntry.Topic(state.number(), topic, fact.id()));
          }
        });
  }

  private static boolean isOwn(String topic, StreamTopics topics) {
    Set<String> rows = new TreeSet<>(topics.dataSourceTopics().values());
    return rows.contains(topic) || topic.startsWith(topics.applicationId() + "-");
  }
}
