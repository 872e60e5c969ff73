package io.starfire.batch;

import io.starfire.api.DataSource;
import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;

/** Views as they come, in a data source and in files. */
public final class SeenViews implements Pipeline {
  @Override
  public void define(Flow flow) {
    Stream<View> views = flow.source("views", View.class).eventTime(View::at).withoutIdentity();
    views.to(
        DataSource.named("filed", View.class)
            .dimensions("advertiser")
            .count("views")
            .segmentGranularity(Granularity.HOUR));
    views.to(Files.named("ad_lines", View.class).json());
  }
}
