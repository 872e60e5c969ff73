package io.starfire.segment;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The identity of a segment: one data source over one interval with one version and one partition
 * number. Written {@code <dataSource>_<start>_<end>_<version>_<partition>}, in JSON too.
 *
 * @param dataSource name of the data source
 * @param interval half-open, of whole segment buckets
 * @param version ISO-8601 with milliseconds in UTC; versions compare as strings
 * @param partition number of the partition; at least 0
 */
public record SegmentId(String dataSource, Interval interval, String version, int partition)
    implements Comparable<SegmentId> {
  private static final Pattern TEXT = Pattern.compile("(.+)_([^_]+)_([^_]+)_([^_]+)_([0-9]+)");

  public SegmentId {
    requireNonNull(dataSource, "dataSource");
    requireNonNull(interval, "interval");
    requireNonNull(version, "version");
    if (partition < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "partition must be at or above 0, got " + partition);
    }
  }

  /**
   * Reads the text form. File names have the same form without {@code :}.
   *
   * @throws StarfireException with INVALID_INPUT if it is malformed
   */
  @JsonCreator
  public static SegmentId parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "'" + text + "' is not a segment id; expected dataSource_start_end_version_partition");
    }
    return new SegmentId(
        matcher.group(1),
        new Interval(Times.parse(matcher.group(2)), Times.parse(matcher.group(3))),
        matcher.group(4),
        Integer.parseInt(matcher.group(5)));
  }

  /**
   * A name for a file or directory: the text form without colons. Some file systems refuse colons.
   */
  public String fileName() {
    return toString().replace(":", "");
  }

  @Override
  public int compareTo(SegmentId other) {
    int order = dataSource.compareTo(other.dataSource);
    if (order == 0) {
      order = interval.compareTo(other.interval);
    }
    if (order == 0) {
      order = version.compareTo(other.version);
    }
    return order != 0 ? order : Integer.compare(partition, other.partition);
  }

  @JsonValue
  @Override
  public String toString() {
    return dataSource
        + "_"
        + Times.format(interval.startMillis())
        + "_"
        + Times.format(interval.endMillis())
        + "_"
        + version
        + "_"
        + partition;
  }
}
