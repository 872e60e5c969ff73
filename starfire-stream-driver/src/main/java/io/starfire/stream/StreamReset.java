package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.stream.JournalEntry.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;

/**
 * Begins a stream anew, after a reset or with another plan: a generation of its own, with an
 * application id, state and consumer group of its own, and, if records are read again, a new topic
 * of rows for each data source, so that the rows of the old one can be withdrawn when the new one
 * is taken up.
 *
 * <p>All that it does is to look, to say what follows, and to append one entry to the journal. What
 * follows from the entry is done by the start that comes after it.
 */
final class StreamReset {
  private final KafkaCalls kafka;
  private final ResetOffsets offsets;
  private final GroupOffsets groups;
  private final Consumer<String> say;

  StreamReset(KafkaCalls kafka, StreamSettings settings, Consumer<String> say) {
    this.kafka = kafka;
    this.offsets = new ResetOffsets(kafka, settings);
    this.groups = new GroupOffsets(kafka);
    this.say = say;
  }

  /**
   * What is to be begun anew.
   *
   * @param plan of the next generation
   * @param grants of its joins
   * @param baseId of the pipeline's application ids
   * @param applicationId by generation
   * @param raw the raw topics, as they are
   * @param rowTopics by data source, of the first generation
   */
  record Subject(
      Plan plan,
      Grants grants,
      String baseId,
      IntFunction<String> applicationId,
      Map<String, TopicFact> raw,
      Map<String, String> rowTopics) {}

  /**
   * Appends the generation that a reset asks for to the journal.
   *
   * @throws StarfireException with CONFLICT if the stream is running, if another reset is faster,
   *     or if rows would be withdrawn and nobody consents
   */
  void run(
      Subject subject,
      StreamJournal journal,
      Beginning.Reset reset,
      DataSourceRegistrar registrar) {
    JournalState state = journal.read();
    StartFrom from = reset.from();
    Set<String> applications = groups.applications(subject.baseId());
    groups.requireIdle(applications);
    int next = next(subject, state, applications);
    Map<TopicPartition, Long> reached = offsets.reached(subject, state, applications, next - 1);
    Map<TopicPartition, Long> starts = offsets.starts(subject, from, reached);
    Set<String> again =
        from.kind() == StartFrom.Kind.LATEST
            ? Set.of()
            : offsets.readAgain(subject, state, reached, starts);
    sayStarts(subject, "from " + from, next, reached, starts);
    Map<String, List<Feed>> feeds = new TreeMap<>();
    List<String> withdrawn = new ArrayList<>();
    ResetRows rows = new ResetRows(kafka, registrar, say);
    ResetGap gap = ResetGap.of(groups, subject, from, reached, starts);
    for (DataSourceNode sink : subject.plan().dataSources()) {
      DataSourceSchema schema = sink.dataSource().schema();
      String first = subject.rowTopics().get(schema.name());
      feeds.put(
          schema.name(), rows.feeds(schema, first, state, next, !again.isEmpty(), gap, withdrawn));
    }
    if (!again.isEmpty()) {
      subject.plan().topics().forEach(node -> withdrawn.add(twice(node.topic().name())));
    }
    if (!withdrawn.isEmpty() && !reset.consent().test(String.join("; ", withdrawn))) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "nothing was done: from %s, records of %s are read again, so that rows are withdrawn or written twice (%s); say --yes to do it, or begin where the stream was with --from committed"
              .formatted(
                  from, String.join(", ", new TreeSet<>(again)), String.join("; ", withdrawn)));
    }
    append(subject, journal, state, next, from.toString(), again.isEmpty(), starts, reached, feeds);
  }

  /**
   * Appends the generation that another plan needs, whose state is another: it goes on where the
   * present generation is, with empty state, and with its topics of rows.
   *
   * @throws StarfireException with CONFLICT if a process of the present generation is running
   */
  void followPlan(Subject subject, StreamJournal journal, JournalState state) {
    groups.requireIdle(Set.of(state.generation().application()));
    int next = state.number() + 1;
    Map<TopicPartition, Long> reached = offsets.reached(subject, state, Set.of(), state.number());
    // What no generation has read begins at the start of its log, whichever that is then; what was
    // deleted unread is not skipped here, so that the start finds the loss.
    Map<TopicPartition, Long> starts = new HashMap<>(reached);
    starts.keySet().removeIf(partition -> !subject.raw().containsKey(partition.topic()));
    sayStarts(subject, "because its plan has changed", next, reached, starts);
    Map<String, List<Feed>> feeds = new TreeMap<>();
    subject
        .rowTopics()
        .forEach(
            (name, topic) ->
                feeds.put(
                    name,
                    state
                        .generation()
                        .feeds()
                        .getOrDefault(name, List.of(new Feed(topic, false)))));
    append(subject, journal, state, next, "another plan", true, starts, reached, feeds);
  }

  /** What is in a topic for other programs cannot be withdrawn. */
  private String twice(String topic) {
    String what = "topic '%s' gets the results of these records a second time".formatted(topic);
    say.accept(what + ", and its consumers see both");
    return what;
  }

  private int next(Subject subject, JournalState state, Set<String> applications) {
    int present = Math.max(1, state.number());
    for (String application : applications) {
      present = Math.max(present, ApplicationId.generation(subject.baseId(), application));
    }
    return present + 1;
  }

  private void append(
      Subject subject,
      StreamJournal journal,
      JournalState state,
      int next,
      String from,
      boolean follows,
      Map<TopicPartition, Long> starts,
      Map<TopicPartition, Long> reached,
      Map<String, List<Feed>> feeds) {
    Map<String, JournalEntry.TopicStart> topics = new TreeMap<>();
    JournalEntry.Generation present = state.generation();
    if (present != null) {
      // What this plan does not name stays known, for a plan that names it again.
      present.feeds().forEach(feeds::putIfAbsent);
      if (follows) {
        present
            .starts()
            .forEach(
                (topic, start) -> {
                  String id = state.topicIds().getOrDefault(topic, start.id());
                  topics.put(topic, new JournalEntry.TopicStart(id, of(topic, reached)));
                });
      }
    }
    subject
        .raw()
        .forEach(
            (topic, fact) ->
                topics.put(topic, new JournalEntry.TopicStart(fact.id(), of(topic, starts))));
    JournalEntry.Generation entry =
        new JournalEntry.Generation(
            next,
            UUID.randomUUID().toString(),
            subject.applicationId().apply(next),
            follows && present != null ? present.application() : null,
            from,
            topics,
            feeds,
            null);
    groups.requireIdle(groups.applications(subject.baseId()));
    journal.append(entry);
    JournalEntry.Generation taken = journal.read().generation();
    if (!entry.attempt().equals(taken.attempt())) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "another process has just begun the stream '%s' anew (generation %d, %s); nothing was done by this one"
              .formatted(subject.baseId(), taken.number(), taken.from()));
    }
  }

  private void sayStarts(
      Subject subject,
      String why,
      int next,
      Map<TopicPartition, Long> reached,
      Map<TopicPartition, Long> starts) {
    say.accept(
        "stream '%s' begins anew as generation %d, with empty state, %s"
            .formatted(subject.baseId(), next, why));
    for (String topic : subject.raw().keySet()) {
      Map<Integer, Long> at = of(topic, starts);
      Map<Integer, Long> was = of(topic, reached);
      List<String> parts = new ArrayList<>();
      new TreeMap<>(at)
          .forEach(
              (partition, start) -> {
                Long before = was.get(partition);
                parts.add(
                    "partition %d from offset %d (%s)"
                        .formatted(
                            partition,
                            start,
                            before == null
                                ? "how far it was is not known"
                                : "it was at %d: %s".formatted(before, difference(before, start))));
              });
      say.accept("topic '%s': %s".formatted(topic, String.join(", ", parts)));
    }
  }

  private static String difference(long before, long start) {
    if (start == before) {
      return "goes on there";
    }
    return start < before
        ? "%d offsets are read again".formatted(before - start)
        : "%d offsets are skipped".formatted(start - before);
  }

  private static Map<Integer, Long> of(String topic, Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> found = new TreeMap<>();
    offsets.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(topic)) {
            found.put(partition.partition(), offset);
          }
        });
    return found;
  }
}
