package io.starfire.serving.query.aggregate;

import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.Filter;
import java.util.List;

/** Which aggregator computes which aggregation. Stateless. */
public final class Aggregators {
  private Aggregators() {}

  public static List<AggregatorFactory> of(List<Aggregation> aggregations) {
    return aggregations.stream().map(Aggregators::of).toList();
  }

  public static AggregatorFactory of(Aggregation aggregation) {
    AggregatorFactory plain = plain(aggregation);
    Filter filter = aggregation.filter();
    return filter == null ? plain : new FilteredAggregator(plain, filter);
  }

  private static AggregatorFactory plain(Aggregation aggregation) {
    return switch (aggregation.kind()) {
      case COUNT -> new CountAggregator();
      case LONG_SUM -> new LongSumAggregator(aggregation);
      case LONG_MIN -> new LongExtremeAggregator(aggregation, true);
      case LONG_MAX -> new LongExtremeAggregator(aggregation, false);
      case DOUBLE_SUM -> new DoubleAggregator(aggregation, DoubleAggregator.Rule.SUM);
      case DOUBLE_MEAN -> new DoubleAggregator(aggregation, DoubleAggregator.Rule.MEAN);
      case DOUBLE_MIN -> new DoubleAggregator(aggregation, DoubleAggregator.Rule.MIN);
      case DOUBLE_MAX -> new DoubleAggregator(aggregation, DoubleAggregator.Rule.MAX);
      case LONG_FIRST, DOUBLE_FIRST, STRING_FIRST, LONG_LAST, DOUBLE_LAST, STRING_LAST ->
          new EndAggregator(aggregation);
    };
  }
}
