package io.starfire.serving.query.model;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that all queries share. Stateless. */
@SuppressWarnings("AnnotateFormatMethod") // the annotation is Error Prone's own, not on our path
public final class QueryChecks {
  /** Characters of a value that a message quotes, or of a list of names. */
  private static final int MAX_QUOTED = 1_000;

  private QueryChecks() {}

  public static StarfireException invalid(String message, @Nullable Object... values) {
    return new StarfireException(ErrorCode.INVALID_INPUT, message.formatted(brief(values)));
  }

  public static StarfireException unsupported(String message, @Nullable Object... values) {
    return new StarfireException(ErrorCode.UNSUPPORTED, message.formatted(brief(values)));
  }

  /**
   * The error for a column of sketches where values are read.
   *
   * @param reader what reads it, such as {@code dimension 'x'}
   */
  public static StarfireException complex(String reader) {
    return invalid(
        "%s reads a column of type COMPLEX, which holds sketches; only aggregators of its type read"
            + " it: HLLSketchMerge, thetaSketch, quantilesDoublesSketch, hyperUnique",
        reader);
  }

  /** Whatever a client sends, a message that quotes it stays a sentence. */
  private static Object[] brief(@Nullable Object... values) {
    return Arrays.stream(values)
        .map(
            value ->
                value instanceof String text && text.length() > MAX_QUOTED
                    ? text.substring(0, MAX_QUOTED) + "..."
                    : value)
        .toArray();
  }

  /** Refuses a query about segments whose data source has none. */
  static void checkTables(String queryType, DataSource dataSource) {
    if (!(dataSource instanceof DataSource.Table) && !(dataSource instanceof DataSource.Union)) {
      throw invalid(
          "a %s query describes stored rows, so its data source must be a table or a union, not %s",
          queryType, dataSource.text());
    }
  }

  static void checkLimit(int limit) {
    if (limit < 0) {
      throw invalid("limit must be at or above 0 (0 is no limit), got %d", limit);
    }
  }

  /**
   * Sorts intervals by their start, and joins those that overlap or touch. An empty list, or an
   * empty interval in it, is INVALID_INPUT.
   */
  public static List<Interval> condense(List<Interval> intervals) {
    if (intervals.isEmpty()) {
      throw invalid("intervals must name at least one interval, got none");
    }
    List<Interval> condensed = new ArrayList<>();
    for (Interval interval : intervals.stream().sorted().toList()) {
      if (interval.isEmpty()) {
        throw invalid(
            "the interval %s is empty: its end is exclusive and must be after its start", interval);
      }
      int last = condensed.size() - 1;
      if (last >= 0 && interval.startMillis() <= condensed.get(last).endMillis()) {
        Interval before = condensed.get(last);
        long end = Math.max(before.endMillis(), interval.endMillis());
        condensed.set(last, new Interval(before.startMillis(), end));
      } else {
        condensed.add(interval);
      }
    }
    return List.copyOf(condensed);
  }

  /** Refuses two outputs of one name, and post-aggregations that cannot be computed. */
  static Outputs checkOutputs(
      List<GroupDimension> dimensions,
      List<Aggregation> aggregations,
      List<PostAggregation> postAggregations) {
    return new Outputs(dimensions, aggregations, postAggregations);
  }
}
