package io.starfire.benchmarks.stream;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.Impression;

/** A join that is complete with the first click, so that a row follows each click. */
public final class FirstClick implements Pipeline {
  static final String DATA_SOURCE = "first_click";

  record Row(String impressionId, int clicks) {}

  @Override
  public void define(Flow flow) {
    Stream<Click> clicks =
        flow.source(AdEvents.CLICKS, Click.class).eventTime(Click::clickedAt).withoutIdentity();
    flow.source(AdEvents.IMPRESSIONS, Impression.class)
        .eventTime(Impression::servedAt)
        .withoutIdentity()
        .join("clicked", clicks)
        .on(Impression::impressionId, Click::impressionId)
        .within(Window.after(JoinData.WINDOW))
        .completeOnFirst()
        .emit(
            Row.class, (impression, clicked) -> new Row(impression.impressionId(), clicked ? 1 : 0))
        .to(
            DataSource.named(DATA_SOURCE, Row.class)
                .dimensions("impressionId")
                .longSum("clicks", Row::clicks)
                .rollup(false));
  }
}
