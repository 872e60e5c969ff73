package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;

/**
 * Says that the beginning of a partition was deleted from the archive on purpose. It is written
 * before anything is deleted; from then on nothing below {@code startOffset} is read. Immutable.
 *
 * @param topic its name
 * @param topicId its id
 * @param partition of the topic
 * @param startOffset first offset that is left
 * @param eventsBeforeMillis all events that were deleted, now or earlier, are before this time; 0
 *     if there was none
 * @param arrivalsBeforeMillis all records without event time that were deleted, now or earlier,
 *     arrived before this time; 0 if there was none
 * @param prunedAtMillis when
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
   * Whether something that counts may have been deleted: an event in {@code reach}, or a record
   * without event time that arrived in {@code interval}.
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
