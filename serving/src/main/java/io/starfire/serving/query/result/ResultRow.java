package io.starfire.serving.query.result;

import java.util.Collections;
import java.util.List;

/**
 * One row of a result. Immutable.
 *
 * @param timeMillis start of the time bucket; null for a grand total
 * @param values in the order of the result's names: each null, a String, a Long or a Double
 */
public record ResultRow(Long timeMillis, List<Object> values) {
  public ResultRow {
    values = Collections.unmodifiableList(values);
  }

  /** Memory that a row of so many values takes, without their texts: a rough guess. */
  static long bytes(int values) {
    return 64 + 28L * values;
  }
}
