package io.starfire.benchmarks;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Matches;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.Click;
import io.starfire.jobs.ads.Impression;
import java.time.Duration;

/** No more than a join in which every result waits for all matches; its rows roll up to few. */
public final class CountedJoin implements Pipeline {
  static final String DATA_SOURCE = "counted_join";
  static final Duration AFTER = Duration.ofMinutes(15);

  /** What is stored. */
  record Row(String publisher, int clicks, double price) {
    static Row of(Impression impression, int clicks) {
      return new Row(impression.publisher(), clicks, impression.price());
    }

    private static Row of(Impression impression, Matches<Click> clicks) {
      return of(impression, clicks.size());
    }
  }

  static DataSource<Row> dataSource() {
    return DataSource.named(DATA_SOURCE, Row.class)
        .dimensions("publisher")
        .count("impressions")
        .longSum("clicks", Row::clicks)
        .doubleSum("revenue", Row::price);
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
        .within(Window.after(AFTER))
        .emit(Row.class, Row::of)
        .to(dataSource());
  }
}
