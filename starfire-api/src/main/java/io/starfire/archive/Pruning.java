package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;

/**
 * Records that the beginning of a partition was deleted from the archive on purpose. It is written
 * before anything is deleted; from then on nothing below {@code startOffset} is read. Immutable.
 *
 * @param topic name of the topic
 * @param topicId its id
 * @param partition of the topic
 * @param startOffset first offset that is kept
 * @param eventsBeforeMillis all deleted events, of this and earlier prunings, have event times
 *     before this; milliseconds since the epoch; 0 if no event was deleted
 * @param arrivalsBeforeMillis all deleted records without event time, of this and earlier prunings,
 *     arrived before this; milliseconds since the epoch; 0 if no such record was deleted
 * @param prunedAtMillis when it was pruned, in milliseconds since the epoch
 */
public record Pruning(
    @JsonProperty("topic") String topic,
    @JsonProperty("topicId") String topicId,
    @JsonProperty("partition") int partition,
    @JsonProperty("startOffset") long startOffset,
    @JsonProperty("eventsBeforeMillis") long eventsBeforeMillis,
    @JsonProperty("arrivalsBeforeMillis") long arrivalsBeforeMillis,
    @JsonProperty("prunedAtMillis") long prunedAtMillis) {
  public Pruning {
    requireNonNull(topic, "topic");
    requireNonNull(topicId, "topicId");
  }

  /**
   * Whether something that a run needs may have been deleted: an event in {@code reach}, or a
   * record without event time that arrived in {@code interval}.
   */
  public boolean touches(Interval reach, Interval interval) {
    return reach.startMillis() < eventsBeforeMillis
        || interval.startMillis() < arrivalsBeforeMillis;
  }

  public String toJson() {
    return ArchiveJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws StarfireException with CORRUPT if it is not that
   */
  public static Pruning fromJson(String json) {
    return ArchiveJson.read(json, Pruning.class, "the record of a pruning");
  }
}
