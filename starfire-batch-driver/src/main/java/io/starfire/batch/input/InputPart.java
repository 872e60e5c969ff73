package io.starfire.batch.input;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.SourceSettings.Format;
import java.util.Arrays;

/**
 * A piece of a file that a mapper reads. Immutable.
 *
 * @param kind how it is written
 * @param index of the source in the plan's sources, or for EDGE of the shuffle in its shuffles
 * @param file on the cluster's file system
 * @param start first byte, inclusive
 * @param length in bytes
 * @param fromMillis of Parquet files of the archive, the smallest event time of interest, inclusive
 * @param toMillis of Parquet files of the archive, the end of the event times of interest
 */
public record InputPart(
    @JsonProperty("kind") Kind kind,
    @JsonProperty("index") int index,
    @JsonProperty("file") String file,
    @JsonProperty("start") long start,
    @JsonProperty("length") long length,
    @JsonProperty("fromMillis") long fromMillis,
    @JsonProperty("toMillis") long toMillis) {
  public InputPart {
    requireNonNull(kind, "kind");
    requireNonNull(file, "file");
  }

  /** A whole file without bounds of event time. */
  public static InputPart of(Kind kind, int index, String file, long length) {
    return new InputPart(kind, index, file, 0, length, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The same with bounds of event time. */
  InputPart between(Interval times) {
    return new InputPart(kind, index, file, start, length, times.startMillis(), times.endMillis());
  }

  InputPart range(long newStart, long newLength) {
    return new InputPart(kind, index, file, newStart, newLength, fromMillis, toMillis);
  }

  /** Whether it can be read from the middle. */
  boolean isSplittable() {
    if (kind.isText()) {
      return !kind.hasHeader() && !file.endsWith(".gz");
    }
    return kind != Kind.ARCHIVE;
  }

  /** How a file is written. */
  public enum Kind {
    /** Avro container of the events that an earlier job put on a shuffle. */
    EDGE(null),
    /** Avro container of the rows that an earlier job made for a data source. */
    ROWS(null),
    /** A Parquet file of the archive. */
    ARCHIVE(null),
    /** JSON, one object a line. */
    JSON(Format.JSON),
    /** Comma-separated with a header. */
    CSV(Format.CSV),
    /** Tab-separated with a header. */
    TSV(Format.TSV),
    /** Flat Parquet rows. */
    PARQUET(Format.PARQUET);

    private final Format format;

    Kind(Format format) {
      this.format = format;
    }

    /** That of a source's files of a format. */
    static Kind of(Format format) {
      return Arrays.stream(values())
          .filter(kind -> kind.format == format)
          .findFirst()
          .orElseThrow(
              () ->
                  new StarfireException(
                      ErrorCode.UNSUPPORTED,
                      "the batch driver does not read files of format " + format));
    }

    /** The format of a source's file; null for what drivers write. */
    public Format format() {
      return format;
    }

    boolean isText() {
      return format != null && format.isText();
    }

    boolean hasHeader() {
      return format != null && format.isDelimited();
    }
  }
}
