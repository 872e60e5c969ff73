package io.starfire.benchmarks.stream;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.Impression;

/** A hundred operators, a quarter of which are joins with a stage of their own. */
public final class HundredOperators implements Pipeline {
  static final int OPERATORS = 100;
  private static final int REPEATED = 24;

  @Override
  public void define(Flow flow) {
    Stream<Click> clicks =
        flow.source(AdEvents.CLICKS, Click.class).eventTime(Click::clickedAt).withoutIdentity();
    Stream<Impression> impressions =
        flow.source(AdEvents.IMPRESSIONS, Impression.class)
            .eventTime(Impression::servedAt)
            .withoutIdentity();
    for (int i = 0; i < REPEATED; i++) {
      impressions =
          impressions
              .filter(impression -> impression.price() >= 0)
              .map(Impression.class, impression -> impression)
              .filter(impression -> impression.city() != null)
              .join("clicked" + i, clicks)
              .on(Impression::impressionId, Click::impressionId)
              .within(Window.after(JoinData.WINDOW))
              .emit(Impression.class, (impression, all) -> impression);
    }
    impressions
        .filter(impression -> impression.publisher() != null)
        .to(
            DataSource.named("hundred_operators", Impression.class)
                .dimensions("city")
                .doubleSum("price", Impression::price)
                .rollup(false));
  }
}
