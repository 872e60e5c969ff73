package io.starfire.jobs.ads;

import io.starfire.api.DataSource;
import io.starfire.api.Flow;
import io.starfire.api.Lookup;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Window;
import io.starfire.common.Granularity;
import java.time.Duration;
import java.util.function.Function;

/**
 * The pipeline of the RADStack paper: impressions meet their clicks, get defaults and the names of
 * their advertisers, and are counted by minute.
 */
public final class AdEvents implements Pipeline {
  /** The source of {@link Impression}s. */
  public static final String IMPRESSIONS = "impressions";

  /** The source of {@link Click}s. */
  public static final String CLICKS = "clicks";

  /** The lookup of {@link Advertiser}s. */
  public static final String ADVERTISERS = "advertisers";

  /** The data source that it writes. */
  public static final String DATA_SOURCE = "ad_events";

  static final String TEST_PUBLISHER = "test";

  @Override
  public void define(Flow flow) {
    // One function for identity and key: copies are removed in the stage of the join.
    Function<Impression, String> impressionId = Impression::impressionId;
    Stream<Impression> impressions =
        flow.source(IMPRESSIONS, Impression.class)
            .eventTime(Impression::servedAt)
            .identity(impressionId);
    Stream<Click> clicks =
        flow.source(CLICKS, Click.class).eventTime(Click::clickedAt).withoutIdentity();
    Lookup<String, Advertiser> advertisers =
        flow.lookup(ADVERTISERS, String.class, Advertiser.class);

    impressions
        .join("clicked", clicks)
        .on(impressionId, Click::impressionId)
        .within(Window.after(Duration.ofHours(2)).acceptingAtLeast(Duration.ofMinutes(15)))
        .completeOnFirst()
        .emit(AdEvent.class, AdEvent::of)
        .map(AdEvent.class, AdEvent::withDefaults)
        .filter(event -> !event.publisher().equals(TEST_PUBLISHER))
        .enrich(AdEvent.class, advertisers, AdEvent::advertiserId, AdEvent::withAdvertiser)
        .to(
            DataSource.named(DATA_SOURCE, AdEvent.class)
                .dimensions("advertiserName", "publisher", "city", "isClicked")
                .count("impressions")
                .longSum("clicks", event -> event.isClicked() ? 1 : 0)
                .doubleSum("revenue", AdEvent::price)
                .segmentGranularity(Granularity.HOUR)
                .queryGranularity(Granularity.MINUTE)
                .rollup(true));
  }
}
