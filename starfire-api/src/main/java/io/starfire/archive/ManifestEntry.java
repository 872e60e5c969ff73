package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One listed file of the archive: it holds a range of offsets of one raw partition. The entry is
 * the commit: a file without an entry is never read. The ranges of a partition follow each other
 * without gap or overlap, but an offset in a range need not have a record. Immutable.
 *
 * @param topic raw topic
 * @param topicId its id
 * @param partition of the topic
 * @param startOffset first offset, inclusive
 * @param endOffset last offset, exclusive
 * @param file path relative to the archive's root, with {@code /} between its parts
 * @param rows number of records in the file
 * @param rowsPerEventHour number of rows by the hour of their event time; the key is the start of
 *     the hour in UTC, such as {@code 2026-11-20T10:00:00.000Z}
 * @param rowsWithoutEventTime rows whose event time could not be decoded, or was refused
 * @param minRecordTimestamp smallest record timestamp, milliseconds, inclusive
 * @param maxRecordTimestamp largest record timestamp, milliseconds, inclusive
 * @param firstReadAtMillis when its first record was read, in milliseconds since the epoch
 * @param writtenAtMillis when the entry was made, in milliseconds since the epoch; its last record
 *     was read before
 */
public record ManifestEntry(
    @JsonProperty("topic") String topic,
    @JsonProperty("topicId") String topicId,
    @JsonProperty("partition") int partition,
    @JsonProperty("startOffset") long startOffset,
    @JsonProperty("endOffset") long endOffset,
    @JsonProperty("file") String file,
    @JsonProperty("rows") long rows,
    @JsonProperty("rowsPerEventHour") Map<String, Long> rowsPerEventHour,
    @JsonProperty("rowsWithoutEventTime") long rowsWithoutEventTime,
    @JsonProperty("minRecordTimestamp") long minRecordTimestamp,
    @JsonProperty("maxRecordTimestamp") long maxRecordTimestamp,
    @JsonProperty("firstReadAtMillis") long firstReadAtMillis,
    @JsonProperty("writtenAtMillis") long writtenAtMillis) {
  private static final long HOUR_MILLIS = 3_600_000;

  public ManifestEntry {
    requireNonNull(topic, "topic");
    requireNonNull(topicId, "topicId");
    requireNonNull(file, "file");
    rowsPerEventHour =
        Collections.unmodifiableMap(
            new TreeMap<>(requireNonNull(rowsPerEventHour, "rowsPerEventHour")));
    if (partition < 0 || startOffset < 0 || endOffset <= startOffset) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "a manifest entry must list a range of offsets at or above 0 that is not empty, got %s partition %d offsets %d to %d"
              .formatted(topic, partition, startOffset, endOffset));
    }
    long timed = rowsPerEventHour.values().stream().mapToLong(Long::longValue).sum();
    if (timed + rowsWithoutEventTime != rows || rows > endOffset - startOffset) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "the manifest entry of %s partition %d offset %d counts %d rows with and %d without event time, but %d in all"
              .formatted(topic, partition, startOffset, timed, rowsWithoutEventTime, rows));
    }
  }

  /**
   * Whether a run must read the file: it may hold an event in {@code reach}, or a record without
   * event time that arrived in {@code interval}. A record's arrival is its timestamp or, if that
   * cannot be used, the time at which it was read.
   */
  public boolean matters(Interval reach, Interval interval) {
    long firstMillis = Math.min(minRecordTimestamp, firstReadAtMillis);
    long lastMillis = Math.max(maxRecordTimestamp, writtenAtMillis);
    if (rowsWithoutEventTime > 0
        && firstMillis < interval.endMillis()
        && lastMillis >= interval.startMillis()) {
      return true;
    }
    return rowsPerEventHour.keySet().stream()
        .mapToLong(Times::parse)
        .anyMatch(hour -> new Interval(hour, hour + HOUR_MILLIS).overlaps(reach));
  }

  /**
   * The end, exclusive, of the last hour in which the file has events, in milliseconds since the
   * epoch; 0 if it has none.
   */
  public long eventsBeforeMillis() {
    return rowsPerEventHour.keySet().stream().mapToLong(Times::parse).max().orElse(-HOUR_MILLIS)
        + HOUR_MILLIS;
  }

  /** The range of offsets of the file. */
  public OffsetRange range() {
    return new OffsetRange(startOffset, endOffset);
  }

  public String toJson() {
    return ArchiveJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws StarfireException with CORRUPT if it is not that, UNSUPPORTED if it is of another
   *     layout
   */
  public static ManifestEntry fromJson(String json) {
    return ArchiveJson.read(json, ManifestEntry.class, "a manifest entry");
  }
}
