package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.SourceNode;
import io.starfire.plan.Reach;
import io.starfire.plan.Stage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * What {@code --warm} changes of a start: a first one chooses where its rows begin and fills the
 * windows from the archive; a later one goes on. {@link WarmStart} reads the archive's index,
 * {@link WarmFeed} its events.
 */
final class WarmBeginning {
  /** No event is later; room is left for windows that are rounded out. */
  private static final long FAR_MILLIS = Times.parse("9000-01-01T00:00:00Z");

  private final StreamOptions options;
  private final Plan plan;
  private final StreamSettings settings;
  private final Grants grants;
  private final Map<String, String> rawTopics;
  private final Duration held;

  /**
   * @param rawTopics by source
   * @param held how long the event that waits longest is held
   */
  WarmBeginning(
      StreamOptions options,
      StreamSettings settings,
      Grants grants,
      Map<String, String> rawTopics,
      Duration held) {
    this.options = options;
    this.plan = options.plan();
    this.settings = settings;
    this.grants = grants;
    this.rawTopics = rawTopics;
    this.held = held;
  }

  /**
   * Refuses {@code --warm} for a stream that has begun cold: it has gone by what its windows lack.
   */
  void requireBegun(JournalState state) {
    if (options.beginning() instanceof Beginning.Warm
        && keepsEvents()
        && state.number() == 1
        && state.generation().wholeFromMillis() == null) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the stream '%s' has begun without --warm, and goes on with the state that it has; start it without --warm, or begin under another starfire.stream.application-id-prefix"
              .formatted(state.generation().application()));
    }
  }

  private boolean keepsEvents() {
    return !plan.stages().stream().allMatch(Stage::isSource);
  }

  /**
   * Where the first start is to begin; refuses before anything is written.
   *
   * @param raw the topics of the sources
   * @return from when on rows are whole, and where each topic begins; empty if the start is a cold
   *     one
   */
  Optional<Chosen> choose(KafkaCalls kafka, Map<String, TopicFact> raw) {
    if (!(options.beginning() instanceof Beginning.Warm beginning)) {
      return Optional.empty();
    }
    if (!keepsEvents()) {
      options.say().accept("--warm does nothing: no operator of the pipeline keeps events");
      return Optional.empty();
    }
    Set<TopicPartition> partitions = new HashSet<>();
    raw.forEach((topic, fact) -> StreamStart.addPartitions(partitions, topic, fact.partitions()));
    GroupOffsets offsets = new GroupOffsets(kafka);
    Map<TopicPartition, Long> first = offsets.logStarts(partitions);
    WarmStart warm = new WarmStart(beginning.archive());
    Map<String, String> ids =
        raw.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue().id()));
    long wholeFrom =
        warm.wholeFrom(first, offsets.logEnds(partitions), ids, held.plus(settings.lateness()))
            .orElse(0L);
    Map<String, JournalEntry.TopicStart> starts = starts(ids, first);
    requireWhole(warm, starts, reach(wholeFrom));
    return Optional.of(new Chosen(wholeFrom, starts));
  }

  /** See {@link #choose}. */
  record Chosen(long wholeFromMillis, Map<String, JournalEntry.TopicStart> starts) {}

  private static Map<String, JournalEntry.TopicStart> starts(
      Map<String, String> ids, Map<TopicPartition, Long> first) {
    Map<String, Map<Integer, Long>> byTopic = new TreeMap<>();
    first.forEach(
        (partition, at) ->
            byTopic
                .computeIfAbsent(partition.topic(), topic -> new TreeMap<>())
                .put(partition.partition(), at));
    Map<String, JournalEntry.TopicStart> starts = new TreeMap<>();
    byTopic.forEach(
        (topic, offsets) ->
            starts.put(topic, new JournalEntry.TopicStart(ids.get(topic), offsets)));
    return starts;
  }

  private void requireWhole(
      WarmStart warm, Map<String, JournalEntry.TopicStart> starts, Reach reach) {
    for (SourceNode source : plan.sources()) {
      String topic = rawTopics.get(source.name());
      JournalEntry.TopicStart start = starts.get(topic);
      start
          .offsets()
          .forEach(
              (partition, at) ->
                  warm.entries(
                      new TopicPartition(topic, partition),
                      start.id(),
                      at,
                      reach.of(source),
                      settings.lateness()));
    }
  }

  /** What a generation needs of each source, if it began warm. */
  Optional<Reach> reach(JournalEntry.Generation generation) {
    return Optional.ofNullable(generation.wholeFromMillis()).map(this::reach);
  }

  private Reach reach(long wholeFromMillis) {
    return Reach.of(plan, grants, new Interval(wholeFromMillis, FAR_MILLIS));
  }

  /**
   * Fills the windows, if that is still to be done.
   *
   * @param logs all partitions of the logs of the stages
   */
  void feed(
      KafkaCalls kafka,
      StreamContext stream,
      JournalEntry.Generation generation,
      Set<TopicPartition> logs) {
    WarmFeed feed = new WarmFeed(stream, kafka, generation);
    if (generation.wholeFromMillis() == null || feed.isDone(logs)) {
      return;
    }
    if (!(options.beginning() instanceof Beginning.Warm warm)) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the stream '%s' was to begin warm, and was ended before its windows were filled; start it with --warm again"
              .formatted(generation.application()));
    }
    long fed = feed.run(warm.archive(), logs);
    options
        .say()
        .accept(
            "%d events of the archive fill the open windows; rows with event times from %s on are whole, and none before are written"
                .formatted(fed, Times.format(generation.wholeFromMillis())));
  }
}
