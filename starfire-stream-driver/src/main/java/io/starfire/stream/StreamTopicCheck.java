package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.TopicFact;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Compares the topics of a stream with what they were when it started. Immutable.
 *
 * <p>A raw topic may grow: the stream starts anew, with the new partitions. Anything else is an
 * end: the offsets of a topic that was created again mean other records, and what was in a topic
 * that is gone is lost.
 */
final class StreamTopicCheck {
  private final Map<String, Expected> expected;
  private final RawProgress progress;

  /** What a topic is to the stream. */
  enum Role {
    /** A source's. */
    RAW,
    /** Of a stage with a state; made by the stream. */
    LOG,
    /** Rows of a data source. */
    ROWS,
    /** What a store has held; made by the stream. */
    CHANGELOG
  }

  private record Expected(Role role, TopicFact fact) {}

  /** What was found. */
  sealed interface Finding {
    /** A raw topic has more partitions. */
    record Grown(String topic, int before, int now) implements Finding {
      @Override
      public String toString() {
        return "topic '%s' has grown from %d to %d partitions".formatted(topic, before, now);
      }
    }

    /** A topic is not there; it may be for a moment only. */
    record Missing(String topic, StarfireException failure) implements Finding {}

    /** The stream cannot go on. */
    record Broken(StarfireException failure) implements Finding {}
  }

  private StreamTopicCheck(Map<String, Expected> expected, RawProgress progress) {
    this.expected = expected;
    this.progress = progress;
  }

  static StreamTopicCheck of(
      Map<String, TopicFact> raw,
      Map<String, TopicFact> logs,
      Map<String, TopicFact> rows,
      Map<String, TopicFact> changelogs,
      RawProgress progress) {
    Map<String, Expected> all = new TreeMap<>();
    changelogs.forEach((topic, fact) -> all.put(topic, new Expected(Role.CHANGELOG, fact)));
    rows.forEach((topic, fact) -> all.put(topic, new Expected(Role.ROWS, fact)));
    logs.forEach((topic, fact) -> all.put(topic, new Expected(Role.LOG, fact)));
    raw.forEach((topic, fact) -> all.put(topic, new Expected(Role.RAW, fact)));
    return new StreamTopicCheck(all, progress);
  }

  /** The topics to ask about. */
  Set<String> topics() {
    return expected.keySet();
  }

  /** The first thing that is not as it was; what ends the stream comes first. */
  Optional<Finding> compare(Map<String, TopicFact> now) {
    Optional<Finding> worst = Optional.empty();
    for (Map.Entry<String, Expected> entry : expected.entrySet()) {
      Optional<Finding> finding =
          compare(entry.getKey(), entry.getValue(), now.get(entry.getKey()));
      if (finding.isPresent() && finding.get() instanceof Finding.Broken) {
        return finding;
      }
      if (worst.isEmpty() || worst.get() instanceof Finding.Grown) {
        worst = finding.isPresent() ? finding : worst;
      }
    }
    return worst;
  }

  /**
   * Refuses topics that were created again. What else has changed, and what is missing, is not
   * looked at.
   *
   * @param some of the topics, as they are now
   * @throws StarfireException with INCOMPLETE_INPUT
   */
  void requireSame(Map<String, TopicFact> some) {
    some.forEach(
        (topic, now) -> {
          Expected before = expected.get(topic);
          if (before != null && !now.id().equals(before.fact().id())) {
            throw madeAnew(topic, before, now);
          }
        });
  }

  private Optional<Finding> compare(String topic, Expected before, TopicFact now) {
    if (now == null) {
      return Optional.of(new Finding.Missing(topic, deleted(topic, before)));
    }
    if (!now.id().equals(before.fact().id())) {
      return Optional.of(new Finding.Broken(madeAnew(topic, before, now)));
    }
    if (before.role() == Role.RAW && now.partitions() > before.fact().partitions()) {
      return Optional.of(new Finding.Grown(topic, before.fact().partitions(), now.partitions()));
    }
    if (before.role() == Role.LOG && now.partitions() != before.fact().partitions()) {
      return Optional.of(
          new Finding.Broken(
              new StarfireException(
                  ErrorCode.CONFLICT,
                  "topic '%s', which the stream made for itself with %d partitions, has %d now; the events of a key would be in two of them, so begin the stream anew with --reset"
                      .formatted(topic, before.fact().partitions(), now.partitions()))));
    }
    return Optional.empty();
  }

  private StarfireException deleted(String topic, Expected before) {
    return switch (before.role()) {
      case RAW ->
          new StarfireException(
              ErrorCode.INCOMPLETE_INPUT,
              "data loss: topic '%s' (id %s) was deleted under the stream, which had read %s; make the topic again and start the stream with --new-topic to go on with the new one, or take it out of the pipeline"
                  .formatted(topic, before.fact().id(), progress.describe(topic)));
      case LOG, ROWS, CHANGELOG ->
          new StarfireException(
              ErrorCode.INCOMPLETE_INPUT,
              "data loss: topic '%s' (id %s), which the stream writes, was deleted under it; begin the stream anew with 'bin/starfire stream CLASS --reset', and mend the hours before with 'bin/starfire batch CLASS --interval INTERVAL'"
                  .formatted(topic, before.fact().id()));
    };
  }

  private StarfireException madeAnew(String topic, Expected before, TopicFact now) {
    return switch (before.role()) {
      case RAW ->
          new StarfireException(
              ErrorCode.INCOMPLETE_INPUT,
              "data loss: topic '%s' was deleted and created again under the stream, which had read %s of the topic with id %s; the one there now has id %s, and its offsets mean other records. Start the stream with --new-topic to go on with the new one from its start, or with --reset to begin anew"
                  .formatted(topic, progress.describe(topic), before.fact().id(), now.id()));
      case LOG, ROWS, CHANGELOG ->
          new StarfireException(
              ErrorCode.INCOMPLETE_INPUT,
              "data loss: topic '%s', which the stream writes, was deleted and created again under it: it had id %s and has id %s; begin the stream anew with 'bin/starfire stream CLASS --reset', and mend the hours before with 'bin/starfire batch CLASS --interval INTERVAL'"
                  .formatted(topic, before.fact().id(), now.id()));
    };
  }
}
