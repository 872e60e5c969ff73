package io.starfire.batch;

import io.starfire.api.DataSource;
import io.starfire.api.Files;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Topic;
import io.starfire.api.Window;
import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** One join, and its results in a data source, in a topic and in files of both formats. */
public final class FiledAds implements Pipeline {
  /** How many results the join has made, in all tasks. */
  static final AtomicInteger RESULTS = new AtomicInteger();

  static final AtomicBoolean FAILS = new AtomicBoolean();

  /** What every type of value becomes in a file. */
  public record Ad(
      String id,
      Instant at,
      Optional<String> advertiser,
      BigDecimal price,
      List<Instant> clicks,
      Map<String, Integer> counts,
      Details details) {}

  /** A record within. */
  public record Details(boolean clicked, float share, Granularity bucket) {}

  @Override
  public void define(Flow flow) {
    Stream<View> views = flow.source("views", View.class).eventTime(View::at).identity(View::id);
    Stream<Ad> ads =
        views
            .join(
                "clicked",
                flow.source("clicks", Click.class).eventTime(Click::at).withoutIdentity())
            .on(View::id, Click::viewId)
            .within(Window.after(Duration.ofMinutes(10)))
            .emit(
                Ad.class,
                (view, clicks) -> {
                  if (FAILS.get()) {
                    throw new IllegalStateException("the disk of a lookup is away");
                  }
                  RESULTS.incrementAndGet();
                  List<Instant> times = new ArrayList<>();
                  clicks.forEach(click -> times.add(click.at()));
                  return ad(view, times);
                });
    ads.to(
        DataSource.named("filed", Ad.class)
            .dimensions("advertiser")
            .count("views")
            .segmentGranularity(Granularity.HOUR));
    ads.to(Topic.named("ad_topic", Ad.class).json());
    ads.to(Files.named("ad_lines", Ad.class).json());
    ads.to(Files.named("ad_columns", Ad.class).parquet());
    views.to(Files.named("seen", View.class).parquet());
  }

  private static Ad ad(View view, List<Instant> clicks) {
    return new Ad(
        view.id(),
        view.at(),
        Optional.ofNullable(view.advertiser()),
        BigDecimal.valueOf(view.price()),
        clicks,
        Map.of("clicks", clicks.size()),
        new Details(!clicks.isEmpty(), 0.5f, Granularity.HOUR));
  }
}
