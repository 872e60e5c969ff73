package io.starfire.archive;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * The paths of the archive of raw events. They are relative to its root ({@code
 * starfire.archive.root}), with {@code /} between their parts. A topic that was deleted and created
 * again under the same name is another topic, with another id and other directories.
 *
 * <ul>
 *   <li>data: {@code data/<topic>/id-<topic id>/<hour of arrival>/<partition>-<start offset>-<end
 *       offset>.parquet}, the hour as {@code 2026-11-20T10} in UTC
 *   <li>where a topic begins: {@code manifest/<topic>/id-<topic id>/topic.json}, a {@link
 *       TopicStart}
 *   <li>manifest: {@code manifest/<topic>/id-<topic id>/<partition>/<start offset>.json}, a {@link
 *       ManifestEntry}
 *   <li>completeness mark: {@code complete/<milliseconds>.json}, a {@link Completeness}
 *   <li>what was pruned: {@code pruned/<topic>/id-<topic id>/<partition>/<start offset of what is
 *       left>.json}, a {@link Pruning}
 * </ul>
 *
 * <p>Offsets and milliseconds are written with 20 digits, so that names sort like numbers.
 *
 * <p>This is layout 2. Layout 1, which had no topic ids, is refused. Stateless; thread-safe.
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
   * When the archiver read the record, in milliseconds: int64. It is the record's arrival if its
   * timestamp cannot be used.
   */
  public static final String READ_AT = "read_at";

  /** The record's key as it came: optional binary. */
  public static final String KEY = "key";

  /** The record's value as it came: optional binary. */
  public static final String VALUE = "value";

  /** The record's headers, as {@link ArchivedHeaders} writes them: optional binary. */
  public static final String HEADERS = "headers";

  /** Event time in milliseconds: optional int64; missing if it could not be read or was refused. */
  public static final String EVENT_TIME = "event_time";

  /** The directory of all manifest entries. */
  public static final String MANIFEST = "manifest";

  /** The directory of all completeness marks. */
  public static final String COMPLETE = "complete";

  /** The number of this layout, which each JSON file of the archive contains. */
  static final int LAYOUT = 2;

  private static final String DATA = "data";
  private static final String PRUNED = "pruned";
  private static final String ID_PREFIX = "id-";
  private static final String JSON = ".json";
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ArchiveLayout() {}

  /** Digits of a path are ASCII, whatever the locale of the machine. */
  private static String path(String format, Object... parts) {
    return String.format(Locale.ROOT, format, parts);
  }

  /**
   * A data file.
   *
   * @param arrivedMillis when its first record arrived, in milliseconds since the epoch
   * @param range the offsets that it holds
   */
  public static String dataFile(
      String topic, String topicId, long arrivedMillis, int partition, OffsetRange range) {
    return path(
        "%s/%s/%d-%020d-%020d.parquet",
        dataDirectory(topic, topicId),
        HOUR.format(Instant.ofEpochMilli(arrivedMillis)),
        partition,
        range.start(),
        range.end());
  }

  /** The directory of all data files of a topic. */
  public static String dataDirectory(String topic, String topicId) {
    return "%s/%s/%s%s".formatted(DATA, requireNonNull(topic, "topic"), ID_PREFIX, topicId);
  }

  /** The directory of all topics that have or had a name. */
  public static String manifestDirectory(String topic) {
    return "%s/%s".formatted(MANIFEST, requireNonNull(topic, "topic"));
  }

  /** The directory of one topic's manifest. */
  public static String manifestDirectory(String topic, String topicId) {
    return "%s/%s%s".formatted(manifestDirectory(topic), ID_PREFIX, requireNonNull(topicId, "id"));
  }

  /** The directory of the manifest entries of one partition. */
  public static String manifestDirectory(String topic, String topicId, int partition) {
    return path("%s/%d", manifestDirectory(topic, topicId), partition);
  }

  /** The file that says where a topic's archive begins. */
  public static String topicStart(String topic, String topicId) {
    return manifestDirectory(topic, topicId) + "/topic" + JSON;
  }

  /** The manifest entry that starts at an offset. */
  public static String manifestEntry(
      String topic, String topicId, int partition, long startOffset) {
    return path("%s/%020d%s", manifestDirectory(topic, topicId, partition), startOffset, JSON);
  }

  /** The directory of a partition's {@link Pruning} files. */
  public static String pruningDirectory(String topic, String topicId, int partition) {
    return path("%s/%s/%s%s/%d", PRUNED, topic, ID_PREFIX, topicId, partition);
  }

  /** The file that says that everything below {@code startOffset} was pruned. */
  public static String pruning(String topic, String topicId, int partition, long startOffset) {
    return path("%s/%020d%s", pruningDirectory(topic, topicId, partition), startOffset, JSON);
  }

  /**
   * The topic id in the name of a directory in {@link #manifestDirectory(String)}; empty if the
   * name has none.
   *
   * @throws StarfireException with UNSUPPORTED if the name is that of a partition in layout 1
   */
  static Optional<String> topicIdOf(String topic, String directoryName) {
    if (directoryName.matches("[0-9]+")) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED,
          "the archive lists partitions of topic '%s' without the topic's id (%s/%s): an older version of Starfire wrote it, in layout 1, and this one reads layout %d; begin another archive with starfire.archive.root"
              .formatted(topic, manifestDirectory(topic), directoryName, LAYOUT));
    }
    return directoryName.startsWith(ID_PREFIX)
        ? Optional.of(directoryName.substring(ID_PREFIX.length()))
        : Optional.empty();
  }

  /** A completeness mark. */
  public static String completeness(long arrivedUpToMillis) {
    return path("%s/%020d%s", COMPLETE, arrivedUpToMillis, JSON);
  }

  /**
   * Whether a file is a manifest entry, completeness mark or pruning, by its name. Files that are
   * still being written have other names.
   */
  public static boolean isListed(String fileName) {
    return fileName.matches("[0-9]{20}\\.json");
  }

  /**
   * The number in a file's name: the start offset of a manifest entry or pruning, the time of a
   * completeness mark in milliseconds.
   *
   * @throws StarfireException with INVALID_INPUT if it is not such a name
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
