package io.starfire.serving.query.metadata;

import io.starfire.common.Utf8Order;
import org.jspecify.annotations.Nullable;

/**
 * What a segmentMetadata query says of one column. Immutable.
 *
 * @param type LONG, DOUBLE, STRING, or such as {@code COMPLEX<HLLSketch>}
 * @param hasMultipleValues whether some row has several values
 * @param hasNulls whether some row has none
 * @param size in bytes, as text; 0 if not asked for
 * @param cardinality of a string column; null if not asked for
 * @param minValue of a string column; null if not asked for, without values, or with nulls
 * @param maxValue likewise
 * @param errorMessage why the column cannot be described; null if it can
 */
record ColumnAnalysis(
    String type,
    boolean hasMultipleValues,
    boolean hasNulls,
    long size,
    @Nullable Integer cardinality,
    @Nullable String minValue,
    @Nullable String maxValue,
    @Nullable String errorMessage) {

  /** Of two segments together. */
  ColumnAnalysis merge(ColumnAnalysis other) {
    if (errorMessage != null) {
      return this;
    }
    if (other.errorMessage != null) {
      return other;
    }
    if (!type.equals(other.type)) {
      return new ColumnAnalysis(
          "STRING",
          false,
          false,
          0,
          null,
          null,
          null,
          "error:cannot_merge_diff_types: [%s] and [%s]"
              .formatted(
                  type.compareTo(other.type) < 0 ? type : other.type,
                  type.compareTo(other.type) < 0 ? other.type : type));
    }
    return new ColumnAnalysis(
        type,
        hasMultipleValues || other.hasMultipleValues,
        hasNulls || other.hasNulls,
        size + other.size,
        cardinality == null ? other.cardinality : larger(cardinality, other.cardinality),
        hasNulls || other.hasNulls ? null : end(minValue, other.minValue, -1),
        end(maxValue, other.maxValue, 1),
        null);
  }

  private static Integer larger(Integer one, @Nullable Integer other) {
    return other == null ? one : (Integer) Math.max(one, other);
  }

  /** The one further in a direction; a null does not count. */
  private static @Nullable String end(@Nullable String one, @Nullable String other, int direction) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return Utf8Order.compare(one, other) * direction >= 0 ? one : other;
  }
}
