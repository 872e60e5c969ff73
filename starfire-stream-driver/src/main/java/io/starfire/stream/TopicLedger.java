package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;

/**
 * The stream's own topics, by their ids: what is in them is part of its state, so that one that is
 * gone, or was created again, is a loss.
 */
final class TopicLedger {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

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
   * @param held how long an event may wait in a window
   * @throws StarfireException with INCOMPLETE_INPUT
   */
  void requireOwn(JournalState state, StreamTopics topics, Duration held) {
    Map<String, String> known = new TreeMap<>(state.topicIds());
    known.keySet().removeIf(topic -> !isOwn(topic, topics));
    if (known.isEmpty()) {
      return;
    }
    Map<String, TopicFact> facts = TopicFact.of(kafka, known.keySet());
    List<String> lost = new ArrayList<>();
    known.forEach(
        (topic, id) -> {
          TopicFact fact = facts.get(topic);
          if (fact == null || !fact.id().equals(id)) {
            lost.add(
                "topic '%s', which held %s, had id %s and %s"
                    .formatted(
                        topic,
                        content(topic, topics),
                        id,
                        fact == null ? "is gone" : "has id " + fact.id()));
          }
        });
    if (!lost.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INCOMPLETE_INPUT,
          "data loss: of the stream '%s' at %s, %s. Begin it anew with 'bin/starfire stream CLASS --reset --from committed', and mend what waited in it with 'bin/starfire batch CLASS --interval %s'"
              .formatted(
                  topics.applicationId(),
                  settings.bootstrapServers(),
                  String.join("; ", lost),
                  interval(topics, held)));
    }
  }

  /** Notes those that the journal does not know yet; they were just made. */
  void noteOwn(JournalState state, Map<String, TopicFact> own) {
    List<JournalEntry.Topic> made = new ArrayList<>();
    own.forEach(
        (topic, fact) -> {
          if (!state.topicIds().containsKey(topic)) {
            made.add(new JournalEntry.Topic(state.number(), topic, fact.id()));
          }
        });
    journal.append(made);
  }

  private static String content(String topic, StreamTopics topics) {
    if (topics.resultTopics().containsValue(topic)) {
      return "results for other programs";
    }
    if (topic.endsWith("-progress-changelog")) {
      return "how far a stage has read and counted";
    }
    if (topic.endsWith("-log")) {
      return "the open windows and known identities of a stage";
    }
    return "the rows for the server";
  }

  /** The hours of the events that were in the stream when it stopped. */
  private String interval(StreamTopics topics, Duration held) {
    LongSummaryStatistics watermarks =
        new StoredProgress(kafka, settings)
            .of(topics.applicationId()).watermarks().values().stream()
                .flatMap(byPartition -> byPartition.values().stream())
                .mapToLong(Long::longValue)
                .summaryStatistics();
    if (watermarks.getCount() == 0) {
      return "INTERVAL";
    }
    long first = Math.floorDiv(watermarks.getMin() - held.toMillis(), HOUR_MILLIS);
    long last = Math.floorDiv(watermarks.getMax() + settings.lateness().toMillis(), HOUR_MILLIS);
    return Times.format(first * HOUR_MILLIS) + "/" + Times.format((last + 1) * HOUR_MILLIS);
  }

  private static boolean isOwn(String topic, StreamTopics topics) {
    return topics.sinks().contains(topic) || ApplicationId.isOwn(topics.applicationId(), topic);
  }
}
