package io.starfire.serving.query.model;

import org.jspecify.annotations.Nullable;

/** How a topN query ranks the values of its dimension. Immutable. */
public sealed interface TopNMetric {
  /** Whether the order is reversed. */
  boolean inverted();

  /** The same in reverse order. */
  TopNMetric invert();

  /**
   * Ranks by an aggregation or post-aggregation: the largest first or, if inverted, the smallest.
   * Nulls come last in both cases. Ties are ordered by the dimension's value, ascending.
   *
   * @param name of the aggregation or post-aggregation
   */
  record Numeric(String name, boolean inverted) implements TopNMetric {
    public Numeric {
      if (name == null || name.isEmpty()) {
        throw QueryChecks.invalid("metric must name an aggregation, got '%s'", name);
      }
    }

    @Override
    public Numeric invert() {
      return new Numeric(name, !inverted);
    }
  }

  /**
   * Ranks by the dimension's value: the smallest first or, if inverted, the largest. Null is the
   * smallest.
   *
   * @param order in which values are compared
   * @param previousStop only values after this one, exclusive, are ranked; null means all
   */
  record ByDimension(ValueOrder order, @Nullable String previousStop, boolean inverted)
      implements TopNMetric {
    @Override
    public ByDimension invert() {
      return new ByDimension(order, previousStop, !inverted);
    }
  }
}
