package io.starfire.stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Map;

/** One line of a stream's journal. See {@link StreamJournal}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = JournalEntry.Generation.class, name = "generation"),
  @JsonSubTypes.Type(value = JournalEntry.Topic.class, name = "topic"),
  @JsonSubTypes.Type(value = JournalEntry.Registered.class, name = "registered")
})
sealed interface JournalEntry {
  /**
   * A generation of the stream begins: the first start, or a reset.
   *
   * @param number 1 for the first start; if several processes write the same, the first counts
   * @param attempt tells the process that wrote it whether its entry was the first
   * @param from what was asked for, in words
   * @param starts for each raw topic
   * @param feeds for each data source the topics of its rows, the present one last
   */
  record Generation(
      int number,
      String attempt,
      String from,
      Map<String, TopicStart> starts,
      Map<String, List<Feed>> feeds)
      implements JournalEntry {
    public Generation {
      starts = Map.copyOf(starts);
      feeds = Map.copyOf(feeds);
    }
  }

  /**
   * Where a generation begins to read a raw topic.
   *
   * @param id of the topic
   * @param offsets by partition; a partition that is missing is read from the start of its log, or
   *     from where an application of the same generation got to
   */
  record TopicStart(String id, Map<Integer, Long> offsets) {
    public TopicStart {
      offsets = Map.copyOf(offsets);
    }
  }

  /**
   * A topic of rows of a data source.
   *
   * @param withdraws whether the rows of the topics before it are made again in this one, so that
   *     they must not be seen any more
   */
  record Feed(String topic, boolean withdraws) {}

  /** The stream goes on with the raw topic of this id. */
  record Topic(int generation, String topic, String id) implements JournalEntry {}

  /** The coordinator has taken the registration of a data source. */
  record Registered(String dataSource, String topic, String fingerprint) implements JournalEntry {}
}
