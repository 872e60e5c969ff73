package io.starfire.batch;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Lookup;
import io.starfire.api.Matches;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.Granularity;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Views without copies, joined with their clicks, with the name of the advertiser. */
public final class AdPipeline implements Pipeline {
  /** A source of the pipeline. */
  public record View(String id, Instant at, String advertiser, double price) {}

  /** A source of the pipeline. */
  public record Click(String viewId, Instant at) {}

  /** A row of the lookup. */
  public record Advertiser(String name) {}

  /** What is stored. */
  public record Ad(String advertiser, String name, double price, int clicks) {
    static Ad of(View view, Matches<Click> clicks) {
      return new Ad(view.advertiser(), null, view.price(), clicks.size());
    }

    Ad named(Optional<Advertiser> found) {
      return new Ad(advertiser, found.map(Advertiser::name).orElse("unknown"), price, clicks);
    }
  }

  @Override
  public void define(Flow flow) {
    Stream<View> views = flow.source("views", View.class).eventTime(View::at).identity(View::id);
    Stream<Click> clicks =
        flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity();
    Lookup<String, Advertiser> advertisers =
        flow.lookup("advertisers", String.class, Advertiser.class);
    views
        .join("clicked", clicks)
        .on(View::id, Click::viewId)
        .within(Window.after(Duration.ofMinutes(10)))
        .emit(Ad.class, Ad::of)
        .filter(ad -> !"test".equals(ad.advertiser()))
        .enrich(Ad.class, advertisers, Ad::advertiser, Ad::named)
        .to(
            DataSource.named("ads", Ad.class)
                .dimensions("advertiser", "name")
                .count("views")
                .longSum("clicks", Ad::clicks)
                .doubleSum("revenue", Ad::price)
                .segmentGranularity(Granularity.HOUR)
                .queryGranularity(Granularity.MINUTE));
  }
}
