package io.starfire.benchmarks;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.Impression;
import java.time.Duration;

/** No more than a join in which every result waits for all matches. */
public final class RestartJoin implements Pipeline {
  private static final String DATA_SOURCE = "restart_join";

  record Row(String id, int clicks) {}

  @Override
  public void define(Flow flow) {
    Stream<Click> clicks =
        flow.source(AdEvents.CLICKS, Click.class).eventTime(Click::clickedAt).withoutIdentity();
    flow.source(AdEvents.IMPRESSIONS, Impression.class)
        .eventTime(Impression::servedAt)
        .withoutIdentity()
        .join("clicked", clicks)
        .on(Impression::impressionId, Click::impressionId)
        .within(Window.after(Duration.ofMinutes(15)))
        .emit(Row.class, (impression, all) -> new Row(impression.impressionId(), all.size()))
        .to(
            DataSource.named(DATA_SOURCE, Row.class)
                .dimensions("id")
                .longSum("clicks", Row::clicks)
                .rollup(false));
  }
}
