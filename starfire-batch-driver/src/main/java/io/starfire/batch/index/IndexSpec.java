package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.ingest.FileInput;
import io.starfire.segment.ingest.IngestionSpec;
import io.starfire.segment.ingest.RowSpec;
import io.starfire.segment.ingest.Tuning;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What an ingestion spec asks of a run. Immutable.
 *
 * @param rows how records become rows
 * @param files of the spec's own input source
 * @param intervals to replace: whole segment buckets, disjoint, in order; empty if the buckets that
 *     have rows are replaced
 * @param tuning limits
 * @param warnings a sentence for each part of the spec that has no effect
 */
record IndexSpec(
    RowSpec rows, FileInput files, List<Interval> intervals, Tuning tuning, List<String> warnings) {
  IndexSpec {
    intervals = checked(rows.schema(), intervals);
    warnings = List.copyOf(warnings);
  }

  /**
   * Reads a spec.
   *
   * @throws StarfireException with NOT_FOUND if there is no such file; with INVALID_INPUT or
   *     UNSUPPORTED if it is not a spec of a batch run, or asks for something impossible
   */
  static IndexSpec read(Path file) {
    IngestionSpec spec;
    try {
      spec = IngestionSpec.parse(text(file));
    } catch (StarfireException e) {
      throw new StarfireException(e.code(), "spec %s: %s".formatted(file, e.getMessage()), e);
    }
    FileInput files =
        spec.files()
            .orElseThrow(
                () ->
                    new StarfireException(
                        ErrorCode.INVALID_INPUT,
                        "spec %s is of type '%s', which the server reads: POST it to /druid/indexer/v1/supervisor; files need one of type 'index_parallel'"
                            .formatted(file, spec.type().jsonName())));
    return new IndexSpec(spec.rows(), files, files.intervals(), spec.tuning(), spec.warnings());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new StarfireException(ErrorCode.NOT_FOUND, "there is no such file", e);
    } catch (MalformedInputException e) {
      throw new StarfireException(ErrorCode.INVALID_INPUT, "it is not UTF-8", e);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "it cannot be read: " + IoFailure.reason(e), e);
    }
  }

  /** The intervals in order. Refuses one that is not made of whole buckets. */
  private static List<Interval> checked(DataSourceSchema schema, List<Interval> intervals) {
    List<Interval> sorted = new ArrayList<>(intervals);
    sorted.sort(null);
    Granularity granularity = schema.segmentGranularity();
    for (int i = 0; i < sorted.size(); i++) {
      Interval interval = sorted.get(i);
      if (interval.isEmpty() || !Interval.ETERNITY.contains(interval)) {
        throw invalid(
            "%s must not be empty, and lie within the years 1970 to 9999".formatted(interval));
      }
      if (!granularity.isAligned(interval)) {
        throw invalid(
            "%s is not made of whole segments of data source '%s' (%s), which are replaced as a whole; use %s"
                .formatted(
                    interval, schema.name(), granularity.jsonName(), granularity.align(interval)));
      }
      if (i > 0 && sorted.get(i - 1).overlaps(interval)) {
        throw invalid("%s and %s overlap".formatted(sorted.get(i - 1), interval));
      }
    }
    return List.copyOf(sorted);
  }

  /**
   * Refuses intervals that are not over. Rows that arrive later would be hidden by what is
   * published now.
   *
   * @throws StarfireException with INCOMPLETE_INPUT, naming the first interval that is not over
   */
  void requireOver(long nowMillis) {
    for (Interval interval : intervals) {
      if (interval.endMillis() > nowMillis) {
        throw new StarfireException(
            ErrorCode.INCOMPLETE_INPUT,
            "granularitySpec.intervals: %s is not over, it is %s: rows that arrive later would be hidden; end it earlier, or run when it is over"
                .formatted(interval, Times.format(nowMillis)));
      }
    }
  }

  private static StarfireException invalid(String problem) {
    return new StarfireException(ErrorCode.INVALID_INPUT, "granularitySpec.intervals: " + problem);
  }
}
