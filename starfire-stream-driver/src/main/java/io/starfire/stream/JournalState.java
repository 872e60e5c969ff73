package io.starfire.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What follows from the entries of a journal, in their order. Immutable.
 *
 * @param generation the present one; null if the stream has never started
 * @param topicIds of the topics that the generation reads and writes
 * @param formerIds of topics that were made anew under the generation, the oldest first
 * @param registered by data source
 */
record JournalState(
    JournalEntry.Generation generation,
    Map<String, String> topicIds,
    Map<String, List<String>> formerIds,
    Map<String, JournalEntry.Registered> registered) {
  static final JournalState EMPTY = new JournalState(null, Map.of(), Map.of(), Map.of());

  JournalState {
    topicIds = Map.copyOf(topicIds);
    formerIds = Map.copyOf(formerIds);
    registered = Map.copyOf(registered);
  }

  static JournalState of(List<JournalEntry> entries) {
    JournalState state = EMPTY;
    for (JournalEntry entry : entries) {
      state = state.with(entry);
    }
    return state;
  }

  /** 0 if the stream has never started. */
  int number() {
    return generation == null ? 0 : generation.number();
  }

  private JournalState with(JournalEntry entry) {
    if (entry instanceof JournalEntry.Generation next) {
      // Of two that were begun at the same time the first counts.
      return generation == null || next.number() == number() + 1 ? begun(next) : this;
    }
    if (entry instanceof JournalEntry.Topic topic) {
      if (topic.generation() != number()) {
        return this;
      }
      return withTopic(topic);
    }
    JournalEntry.Registered taken = (JournalEntry.Registered) entry;
    Map<String, JournalEntry.Registered> all = new TreeMap<>(registered);
    all.put(taken.dataSource(), taken);
    return new JournalState(generation, topicIds, formerIds, all);
  }

  private JournalState withTopic(JournalEntry.Topic topic) {
    Map<String, String> ids = new TreeMap<>(topicIds);
    String before = ids.put(topic.topic(), topic.id());
    if (before == null || before.equals(topic.id())) {
      return new JournalState(generation, ids, formerIds, registered);
    }
    Map<String, List<String>> former = new TreeMap<>(formerIds);
    List<String> all = new ArrayList<>(former.getOrDefault(topic.topic(), List.of()));
    all.add(before);
    former.put(topic.topic(), List.copyOf(all));
    return new JournalState(generation, ids, former, registered);
  }

  private JournalState begun(JournalEntry.Generation next) {
    Map<String, String> ids = new TreeMap<>();
    next.starts().forEach((topic, start) -> ids.put(topic, start.id()));
    for (List<JournalEntry.Feed> feeds : next.feeds().values()) {
      String present = feeds.get(feeds.size() - 1).topic();
      if (topicIds.containsKey(present)) {
        ids.put(present, topicIds.get(present));
      }
    }
    return new JournalState(next, ids, Map.of(), registered);
  }
}
