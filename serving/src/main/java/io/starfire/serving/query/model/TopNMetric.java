package io.starfire.serving.query.model;

/** By what a topN query ranks the values of its dimension. Immutable. */
public sealed interface TopNMetric {
  /** Whether the order is turned round. */
  boolean inverted();

  /** The same, turned round. */
  TopNMetric invert();

  /**
   * By the value of an aggregation or post-aggregation, the largest first, or the smallest if it is
   * inverted. A value without a number (null) comes last either way; equal ones are ordered by the
   * dimension's value, ascending.
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
   * By the dimension's own value, the smallest first, or the largest if it is inverted. Null is the
   * smallest.
   *
   * @param order in which values are compared
   * @param previousStop only values that come after this one are ranked; null for all
   */
  record ByDimension(ValueOrder order, String previousStop, boolean inverted)
      implements TopNMetric {
    @Override
    public ByDimension invert() {
      return new ByDimension(order, previousStop, !inverted);
    }
  }
}
