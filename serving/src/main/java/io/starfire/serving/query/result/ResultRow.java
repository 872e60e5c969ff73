package io.starfire.serving.query.result;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a result. Immutable.
 *
 * @param timeMillis start of the time bucket; null for a grand total
 * @param values in the order of the result's names: each null, a String, a Long, a Double, a
 *     sketch, an array, or a map of numbers
 */
public record ResultRow(@Nullable Long timeMillis, List<Object> values) {
  public ResultRow {
    values = Collections.unmodifiableList(values);
  }

  /** Start of the time bucket of a row that is not a grand total. */
  public long bucketMillis() {
    return requireNonNull(timeMillis, "a grand total has no time bucket");
  }

  /** Memory that a row of so many values takes, without their texts: a rough guess. */
  static long bytes(int values) {
    return 64 + 28L * values;
  }
}
