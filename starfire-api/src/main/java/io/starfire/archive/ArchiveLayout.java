package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Where things lie in the archive of raw events. All paths are relative to its root ({@code
 * starfire.archive.root}), with {@code /} between their parts.
 *
 * <ul>
 *   <li>data: {@code <topic>/<hour of arrival>/<partition>-<start offset>-<end offset>.parquet},
 *       the hour as {@code 2026-11-20T10} in UTC
 *   <li>manifest: {@code manifest/<topic>/<partition>/<start offset>.json}, a {@link ManifestEntry}
 *   <li>completeness: {@code complete/<milliseconds>.json}, a {@link Completeness}
 * </ul>
 *
 * <p>Offsets and milliseconds have 20 digits, so that names sort as they do. Stateless.
 */
public final class ArchiveLayout {
  /** Kafka topic of the record: string. */
  public static final String TOPIC = "topic";

  /** Kafka partition: int32. */
  public static final String PARTITION = "partition";

  /** Kafka offset: int64. */
  public static final String OFFSET = "offset";

  /** The record's timestamp in milliseconds: int64. */
  public static final String TIMESTAMP = "timestamp";

  /**
   * When the archiver read the record, in milliseconds: int64. It bounds the event time of a record
   * whose timestamp cannot be used.
   */
  public static final String READ_AT = "read_at";

  /** The record's key as it came: optional binary. */
  public static final String KEY = "key";

  /** The record's value as it came: optional binary. */
  public static final String VALUE = "value";

  /** The record's headers, as {@link ArchivedHeaders} writes them: optional binary. */
  public static final String HEADERS = "headers";

  /** Event time in milliseconds where it decodes and is allowed: optional int64. */
  public static final String EVENT_TIME = "event_time";

  /** The directory of all manifest entries. */
  public static final String MANIFEST = "manifest";

  /** The directory of all completeness marks. */
  public static final String COMPLETE = "complete";

  private static final String JSON = ".json";
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ArchiveLayout() {}

  /**
   * A data file.
   *
   * @param arrivedMillis when its first record arrived
   * @param startOffset inclusive
   * @param endOffset exclusive
   */
  public static String dataFile(
      String topic, long arrivedMillis, int partition, long startOffset, long endOffset) {
    return "%s/%s/%d-%020d-%020d.parquet"
        .formatted(
            requireNonNull(topic, "topic"),
            HOUR.format(Instant.ofEpochMilli(arrivedMillis)),
            partition,
            startOffset,
            endOffset);
  }

  /** The directory of the manifest entries of one partition. */
  public static String manifestDirectory(String topic, int partition) {
    return "%s/%s/%d".formatted(MANIFEST, requireNonNull(topic, "topic"), partition);
  }

  /** The manifest entry that starts at an offset. */
  public static String manifestEntry(String topic, int partition, long startOffset) {
    return "%s/%020d%s".formatted(manifestDirectory(topic, partition), startOffset, JSON);
  }

  /** A completeness mark. */
  public static String completeness(long arrivedUpToMillis) {
    return "%s/%020d%s".formatted(COMPLETE, arrivedUpToMillis, JSON);
  }

  /**
   * Whether a file's name is that of a manifest entry or completeness mark, and not something that
   * is still being written.
   */
  public static boolean isListed(String fileName) {
    return fileName.matches("[0-9]{20}\\.json");
  }

  /**
   * The number in the name of a manifest entry (its start offset) or completeness mark (its time).
   *
   * @throws StarfireException with INVALID_INPUT if the name is neither's
   */
  public static long numberOf(String fileName) {
    if (!isListed(fileName)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'%s' is not the name of a manifest entry; it must be 20 digits and .json"
              .formatted(fileName));
    }
    return Long.parseLong(fileName.substring(0, fileName.length() - JSON.length()));
  }
}
