package io.starfire.stream;

import io.starfire.event.EventDecoder;
import io.starfire.kernel.Clip;
import io.starfire.kernel.HeapBudget;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Grants;
import io.starfire.plan.HoldBack;
import io.starfire.plan.Plan;
import io.starfire.plan.Reach;
import io.starfire.plan.Shuffle;
import io.starfire.plan.Stage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What all tasks of one running stream share. Immutable but for the boards, which are thread-safe.
 *
 * @param topics the topics of the stream
 * @param rawPartitions how many partitions each raw topic has
 * @param rawTopicIds the ids of the topics that each raw topic's name stood for in turn, the
 *     present one last
 * @param decoders by the name of the source
 * @param warm of a stream that began warm, which event times its results need; results outside are
 *     not written
 */
record StreamContext(
    Plan plan,
    Grants grants,
    Lookups lookups,
    StreamSettings settings,
    StreamTopics topics,
    Map<String, Integer> rawPartitions,
    Map<String, List<String>> rawTopicIds,
    Map<String, EventDecoder<?>> decoders,
    RawProgress progress,
    TaskBoard board,
    Unwritten unwritten,
    JournalFence fence,
    LogHeads heads,
    Optional<Reach> warm,
    HeapBudget heapBudget,
    CommitPace pace,
    InstantSource clock) {

  /** Which of the topics of its name a raw topic is; see {@link LogRecord.Origin}. */
  int rawTopicNumber(String topic) {
    return rawTopicIds.get(topic).size() - 1;
  }

  /** The id of a raw topic. */
  String rawTopicId(String topic) {
    return rawTopicIds.get(topic).get(rawTopicNumber(topic));
  }

  /** Which results are passed on. */
  Clip clip() {
    return warm.map(Clip::to).orElse(Clip.NONE);
  }

  /** How many tasks a stage has. */
  int tasks(Stage stage) {
    return stage.isSource() ? rawPartitions.get(topics.raw(stage.source())) : settings.partitions();
  }

  /** By how much the results of a stage may be older than its watermark. */
  Duration heldBack(Stage stage) {
    return new HoldBack(grants).of(stage);
  }

  /** The stages that write the inputs of a stage, to its one log. */
  Set<String> writers(Stage stage) {
    return stage.inputs().stream().map(Shuffle::fromStage).collect(Collectors.toSet());
  }

  /** The stages to whose logs a stage writes, events or no more than marks. */
  Set<String> below(Stage stage) {
    Set<String> below = new TreeSet<>();
    stage.outputs().forEach(shuffle -> below.add(shuffle.toStage()));
    if (stage.isSource()) {
      for (Stage receiver : plan.stages()) {
        if (advisers(receiver).contains(stage.name())) {
          below.add(receiver.name());
        }
      }
    }
    return below;
  }

  /**
   * The stages of raw partitions that a stage must hear of besides those it reads, to tell a
   * pipeline that stands still from one in which only its own inputs are idle.
   */
  Set<String> advisers(Stage stage) {
    Set<String> direct = writers(stage);
    Set<String> raw =
        plan.stages().stream().filter(Stage::isSource).map(Stage::name).collect(Collectors.toSet());
    if (direct.stream().noneMatch(raw::contains)) {
      return Set.of();
    }
    return raw.stream().filter(name -> !direct.contains(name)).collect(Collectors.toSet());
  }
}
