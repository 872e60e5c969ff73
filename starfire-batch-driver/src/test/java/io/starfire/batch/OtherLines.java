package io.starfire.batch;

import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.batch.AdPipeline.View;

/** Files of the same name as those of {@link FiledAds}, and nothing else. */
public final class OtherLines implements Pipeline {
  @Override
  public void define(Flow flow) {
    flow.source("views", View.class)
        .eventTime(View::at)
        .withoutIdentity()
        .to(Files.named("ad_lines", View.class).json());
  }
}
