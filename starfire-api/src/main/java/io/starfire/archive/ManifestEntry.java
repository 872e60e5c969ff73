package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * One listed file of the archive: a range of offsets of one raw partition. Only listed files are
 * ever read; the entry is the commit. Entries of a partition follow each other without gap or
 * overlap, although not every offset of the range needs to hold a record. Immutable.
 *
 * @param topic raw topic
 * @param partition of the topic
 * @param startOffset first offset, inclusive
 * @param endOffset exclusive
 * @param file relative to the archive's root, with {@code /} between its parts
 * @param rows records in the file
 * @param rowsPerEventHour start of the hour in UTC, as {@code 2026-11-20T10:00:00.000Z}, to the
 *     number of rows whose event time lies in it
 * @param rowsWithoutEventTime rows whose event time could not be decoded, or was refused
 * @param minRecordTimestamp smallest record timestamp, milliseconds, inclusive
 * @param maxRecordTimestamp largest record timestamp, milliseconds, inclusive
 * @param writtenAtMillis when the entry was made
 */
public record ManifestEntry(
    @JsonProperty("topic") String topic,
    @JsonProperty("partition") int partition,
    @JsonProperty("startOffset") long startOffset,
    @JsonProperty("endOffset") long endOffset,
    @JsonProperty("file") String file,
    @JsonProperty("rows") long rows,
    @JsonProperty("rowsPerEventHour") Map<String, Long> rowsPerEventHour,
    @JsonProperty("rowsWithoutEventTime") long rowsWithoutEventTime,
    @JsonProperty("minRecordTimestamp") long minRecordTimestamp,
    @JsonProperty("maxRecordTimestamp") long maxRecordTimestamp,
    @JsonProperty("writtenAtMillis") long writtenAtMillis) {
  public ManifestEntry {
    requireNonNull(topic, "topic");
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

  public String toJson() {
    return ArchiveJson.write(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws StarfireException with CORRUPT if it is not that
   */
  public static ManifestEntry fromJson(String json) {
    return ArchiveJson.read(json, ManifestEntry.class, "a manifest entry");
  }
}
