package io.starfire.stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
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
   * A generation of the stream begins: the first start, another plan, or a reset.
   *
   * @param number 1 for the first start; if several processes write the same, the first counts
   * @param attempt tells the process that wrote it whether its entry was the first
   * @param application the application id of the generation; no other generation has it
   * @param follows the application id of the generation that this one goes on after; null if it is
   *     the first, or if the rows before it are withdrawn
   * @param from what was asked for, in words
   * @param starts for each raw topic
   * @param feeds for each data source the topics of its rows, the present one last
   * @param wholeFromMillis of a first start that is warm, the event time below which nothing is
   *     written; null if it is not
   */
  record Generation(
      int number,
      String attempt,
      String application,
      String follows,
      String from,
      Map<String, TopicStart> starts,
      Map<String, List<Feed>> feeds,
      Long wholeFromMillis)
      implements JournalEntry {
    public Generation {
      if (application == null) {
        throw new StarfireException(
            ErrorCode.CORRUPT,
            "the stream's journal was written by an earlier version of Starfire: generation %d has no application id; take another starfire.stream.application-id-prefix, or delete the journal topic and begin the stream anew with --reset"
                .formatted(number));
      }
      starts = Map.copyOf(starts);
      feeds = Map.copyOf(feeds);
    }
  }

  /**
   * Where a generation begins to read a raw topic.
   *
   * @param id of the topic
   * @param offsets by partition; a partition that is missing is read from the start of its log
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
