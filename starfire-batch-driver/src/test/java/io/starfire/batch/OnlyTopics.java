package io.starfire.batch;

import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Topic;
import io.starfire.batch.AdPipeline.View;

/** Writes nothing that a batch run writes. */
public final class OnlyTopics implements Pipeline {
  @Override
  public void define(Flow flow) {
    flow.source("views", View.class)
        .eventTime(View::at)
        .withoutIdentity()
        .to(Topic.named("viewed", View.class).json());
  }
}
