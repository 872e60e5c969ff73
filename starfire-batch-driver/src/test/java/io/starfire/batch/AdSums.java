package io.starfire.batch;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Sums by advertiser and five minutes. */
public final class AdSums implements Pipeline {
  /** How often the plan was built. */
  static final AtomicInteger DEFINED = new AtomicInteger();

  /** What is kept of a window. */
  public record Sum(long views, double revenue) {
    static final Sum NONE = new Sum(0, 0);

    Sum with(View view) {
      return new Sum(views + 1, revenue + view.price());
    }

    Sum plus(Sum other) {
      return new Sum(views + other.views, revenue + other.revenue);
    }
  }

  /** What is stored. */
  public record Row(String advertiser, long views, double revenue) {}

  @Override
  public void define(Flow flow) {
    DEFINED.incrementAndGet();
    flow.source("views", View.class)
        .eventTime(View::at)
        .withoutIdentity()
        .groupBy("by-advertiser", String.class, View::advertiser)
        .tumbling(Duration.ofMinutes(5))
        .aggregate(Sum.class, Sum.NONE, Sum::with, Sum::plus)
        .emit(
            Row.class, (advertiser, window, sum) -> new Row(advertiser, sum.views(), sum.revenue()))
        .to(
            DataSource.named("ad_sums", Row.class)
                .dimensions("advertiser")
                .longSum("views", Row::views)
                .doubleSum("revenue", Row::revenue)
                .segmentGranularity(Granularity.HOUR));
  }
}
