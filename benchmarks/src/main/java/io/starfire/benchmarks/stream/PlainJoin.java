package io.starfire.benchmarks.stream;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.Impression;

/** No more than a join in which every result waits for all matches. */
public final class PlainJoin implements Pipeline {
  static final String DATA_SOURCE = "plain_join";

  record Row(
      String impressionId,
      String advertiserId,
      String publisher,
      String city,
      double price,
      int clicks) {
    static Row of(Impression impression, int clicks) {
      return new Row(
          impression.impressionId(),
          impression.advertiserId(),
          impression.publisher(),
          impression.city(),
          impression.price(),
          clicks);
    }
  }

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
        .emit(Row.class, (impression, all) -> Row.of(impression, all.size()))
        .to(
            DataSource.named(DATA_SOURCE, Row.class)
                .dimensions("impressionId", "advertiserId", "publisher", "city")
                .longSum("clicks", Row::clicks)
                .doubleSum("price", Row::price)
                .rollup(false));
  }
}
