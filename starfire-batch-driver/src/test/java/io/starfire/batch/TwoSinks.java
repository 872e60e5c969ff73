package io.starfire.batch;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;

/** Writes two data sources. */
public final class TwoSinks implements Pipeline {
  @Override
  public void define(Flow flow) {
    Stream<View> views = flow.source("views", View.class).eventTime(View::at).withoutIdentity();
    Stream<Click> clicks =
        flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity();
    views.to(
        DataSource.named("seen", View.class)
            .dimensions("advertiser")
            .count("views")
            .segmentGranularity(Granularity.HOUR));
    clicks.to(
        DataSource.named("clicked", Click.class)
            .dimensions("viewId")
            .count("clicks")
            .segmentGranularity(Granularity.HOUR));
  }
}
