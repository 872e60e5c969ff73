package io.starfire.batch.input;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;

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

  InputPart range(long newStart, long newLength) {
    return new InputPart(kind, index, file, newStart, newLength, fromMillis, toMillis);
  }

  /** Whether it can be read from the middle. */
  boolean isSplittable() {
    return switch (kind) {
      case EDGE, ROWS, PARQUET -> true;
      case JSON -> !file.endsWith(".gz");
      case ARCHIVE, CSV, TSV -> false;
    };
  }

  /** How a file is written. */
  public enum Kind {
    /** Avro container of the events that an earlier job put on a shuffle. */
    EDGE,
    /** Avro container of the rows that an earlier job made for a data source. */
    ROWS,
    /** A Parquet file of the archive. */
    ARCHIVE,
    /** JSON, one object a line. */
    JSON,
    /** Comma-separated with a header. */
    CSV,
    /** Tab-separated with a header. */
    TSV,
    /** Flat Parquet rows. */
    PARQUET
  }
}
