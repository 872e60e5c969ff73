package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.kafka.KafkaCalls;
import io.starfire.kafka.TopicFact;
import io.starfire.stream.JournalEntry.Feed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
  private final StreamSettings settings;
  private final GroupOffsets groups;
  private final Consumer<String> say;

  StreamReset(KafkaCalls kafka, StreamSettings settings, Consumer<String> say) {
    this.kafka = kafka;
    this.settings = settings;
    this.groups = new GroupOffsets(kafka);
    this.say = say;
  }

  /**
   * What is to be begun anew.
   *
   * @param baseId of the pipeline's application ids
   * @param applicationId by generation
   * @param raw the raw topics, as they are
   * @param rowTopics by data source, of the first generation
   */
  record Subject(
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
    Map<TopicPartition, Long> reached = reached(subject, state, applications, next - 1);
    Map<TopicPartition, Long> starts = starts(subject, from, reached);
    Set<String> again =
        from.kind() == StartFrom.Kind.LATEST
            ? Set.of()
            : readAgain(subject, state, reached, starts);
    sayStarts(subject, "from " + from, next, reached, starts);
    Map<String, List<Feed>> feeds = new TreeMap<>();
    List<String> withdrawn = new ArrayList<>();
    for (Map.Entry<String, String> rows : subject.rowTopics().entrySet()) {
      feeds.put(
          rows.getKey(),
          feeds(
              rows.getKey(), rows.getValue(), state, next, !again.isEmpty(), registrar, withdrawn));
    }
    if (!withdrawn.isEmpty() && !reset.consent().test(String.join("; ", withdrawn))) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "nothing was done: from %s, records of %s are read again, so that rows are withdrawn (%s); say --yes to do it, or begin where the stream was with --from committed"
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
    Map<TopicPartition, Long> reached = reached(subject, state, Set.of(), state.number());
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
            feeds);
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

  /**
   * Up to where the present generation has read each partition, also of topics that this plan does
   * not name; missing where that is unknown.
   */
  private Map<TopicPartition, Long> reached(
      Subject subject, JournalState state, Set<String> applications, int present) {
    Map<String, String> ids = new TreeMap<>(state.topicIds());
    subject.raw().forEach((topic, fact) -> ids.putIfAbsent(topic, fact.id()));
    Map<TopicPartition, Long> reached = new HashMap<>();
    Set<String> mine = new TreeSet<>();
    if (state.generation() != null) {
      mine.add(state.generation().application());
      // A generation that has not run yet is where it was to begin.
      state
          .generation()
          .starts()
          .forEach((topic, start) -> mergeStarts(reached, ids.get(topic), topic, start));
      if (state.generation().follows() != null) {
        mine.add(state.generation().follows());
      }
    } else {
      mine.addAll(applications);
      mine.removeIf(
          application -> ApplicationId.generation(subject.baseId(), application) != present);
    }
    StoredProgress stored = new StoredProgress(kafka, settings);
    for (String application : mine) {
      groups
          .settled(application)
          .forEach(
              (partition, at) -> {
                if (ids.containsKey(partition.topic())) {
                  reached.merge(partition, at, Math::max);
                }
              });
      stored
          .of(application)
          .ofTopics(ids)
          .forEach((partition, at) -> reached.merge(partition, at, Math::max));
    }
    // Offsets of a topic that was created again since are those of another topic.
    reached
        .keySet()
        .removeIf(
            partition -> {
              TopicFact now = subject.raw().get(partition.topic());
              return now != null && !now.id().equals(ids.get(partition.topic()));
            });
    return reached;
  }

  private static void mergeStarts(
      Map<TopicPartition, Long> reached, String id, String topic, JournalEntry.TopicStart start) {
    if (!start.id().equals(id)) {
      return;
    }
    start
        .offsets()
        .forEach(
            (partition, offset) ->
                reached.merge(new TopicPartition(topic, partition), offset, Math::max));
  }

  private Map<TopicPartition, Long> starts(
      Subject subject, StartFrom from, Map<TopicPartition, Long> reached) {
    Set<TopicPartition> all = new HashSet<>();
    subject
        .raw()
        .forEach(
            (topic, fact) -> {
              for (int partition = 0; partition < fact.partitions(); partition++) {
                all.add(new TopicPartition(topic, partition));
              }
            });
    Map<TopicPartition, Long> earliest = groups.logStarts(all);
    return switch (from.kind()) {
      case EARLIEST -> earliest;
      case LATEST -> groups.logEnds(all);
      case TIME -> groups.logAt(all, from.timeMillis());
      case COMMITTED -> {
        Map<TopicPartition, Long> starts = new HashMap<>(earliest);
        starts.replaceAll(
            (partition, start) -> Math.max(start, reached.getOrDefault(partition, start)));
        yield starts;
      }
    };
  }

  /** The topics of which something is read that the present generation may have read. */
  private Set<String> readAgain(
      Subject subject,
      JournalState state,
      Map<TopicPartition, Long> reached,
      Map<TopicPartition, Long> starts) {
    Set<String> again = new HashSet<>();
    Map<TopicPartition, Long> ends = groups.logEnds(starts.keySet());
    starts.forEach(
        (partition, start) -> {
          String known = state.topicIds().get(partition.topic());
          if (known == null && state.generation() != null) {
            // No generation has read it.
            return;
          }
          boolean madeAnew =
              known != null && !known.equals(subject.raw().get(partition.topic()).id());
          // Where it is not known how far the stream was, it may have read everything.
          long end = reached.getOrDefault(partition, madeAnew ? 0L : ends.get(partition));
          if (start < end) {
            again.add(partition.topic());
          }
        });
    return again;
  }

  private List<Feed> feeds(
      String dataSource,
      String firstTopic,
      JournalState state,
      int next,
      boolean again,
      DataSourceRegistrar registrar,
      List<String> withdrawn) {
    List<Feed> feeds = new ArrayList<>();
    if (state.generation() != null && state.generation().feeds().containsKey(dataSource)) {
      feeds.addAll(state.generation().feeds().get(dataSource));
    } else {
      feeds.add(new Feed(firstTopic, false));
    }
    String topic = feeds.get(feeds.size() - 1).topic();
    TopicFact fact = TopicFact.of(kafka, Set.of(topic)).get(topic);
    String before = state.topicIds().get(topic);
    DataSourceRegistrar.Loaded loaded = registrar.loaded(dataSource);
    boolean lost =
        (before != null && (fact == null || !fact.id().equals(before)))
            || loaded.isOfAnother(topic, fact == null ? null : fact.id());
    if (again) {
      feeds.add(new Feed(ApplicationId.inGeneration(firstTopic, next), true));
      withdrawn.add(
          "all real-time rows of data source '%s'%s".formatted(dataSource, loaded.describe()));
      say.accept(
          "data source '%s': the rows that the stream wrote so far are withdrawn when the server takes up topic '%s'%s; the stream makes those again whose records it reads again. Rows of publications stay"
              .formatted(dataSource, feeds.get(feeds.size() - 1).topic(), loaded.describe()));
    } else if (lost) {
      feeds.add(new Feed(ApplicationId.inGeneration(firstTopic, next), false));
      say.accept(
          "data source '%s': topic '%s' is not the one that was written; rows that the server had loaded from it stay%s, and the stream writes to topic '%s'"
              .formatted(
                  dataSource, topic, loaded.describe(), feeds.get(feeds.size() - 1).topic()));
    } else {
      say.accept(
          "data source '%s': nothing is read again, so its rows stay as they are; results that waited in windows when the stream stopped are not written. Run a batch job over their hours"
              .formatted(dataSource));
    }
    return feeds;
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
