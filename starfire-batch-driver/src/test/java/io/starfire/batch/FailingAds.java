package io.starfire.batch;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Window;
import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Two jobs before that of the data source; the second one fails as long as it is told to. */
public final class FailingAds implements Pipeline {
  static final AtomicBoolean FAILS = new AtomicBoolean();

  /** What is stored. */
  public record Row(String advertiser, int clicks) {}

  @Override
  public void define(Flow flow) {
    flow.source("views", View.class)
        .eventTime(View::at)
        .identity(View::id)
        .join("clicked", flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity())
        .on(view -> view.id(), Click::viewId)
        .within(Window.after(Duration.ofMinutes(10)))
        .emit(Row.class, (view, clicks) -> new Row(view.advertiser(), clicks.size()))
        .map(Row.class, FailingAds::checked)
        .to(
            DataSource.named("failing", Row.class)
                .dimensions("advertiser")
                .count("views")
                .longSum("clicks", Row::clicks)
                .segmentGranularity(Granularity.HOUR));
  }

  private static Row checked(Row row) {
    if (FAILS.get()) {
      throw new IllegalStateException("the disk of a lookup is away");
    }
    return row;
  }
}
