package io.starfire.jobs.ads;

import io.starfire.api.Enhance;
import java.util.Optional;

/**
 * An impression with what became of it: a row of {@code ad_events}.
 *
 * @param advertiserId null if unknown
 * @param advertiserName {@value #UNKNOWN} until the lookup has found it, and if it has not
 * @param publisher the site
 * @param city of the viewer
 * @param isClicked whether a click followed in time
 * @param price paid for showing the ad
 */
public record AdEvent(
    String advertiserId,
    String advertiserName,
    String publisher,
    String city,
    boolean isClicked,
    double price) {
  static final String UNKNOWN = "unknown";
  static final String NO_PUBLISHER = "none";

  static AdEvent of(Impression impression, boolean clicked) {
    return new AdEvent(
        impression.advertiserId(),
        UNKNOWN,
        impression.publisher(),
        impression.city(),
        clicked,
        impression.price());
  }

  AdEvent withDefaults() {
    return new AdEvent(
        advertiserId,
        advertiserName,
        Enhance.textOr(publisher, NO_PUBLISHER),
        Enhance.textOr(city, UNKNOWN),
        isClicked,
        price);
  }

  AdEvent withAdvertiser(Optional<Advertiser> advertiser) {
    String name = advertiser.map(Advertiser::name).orElse(null);
    return new AdEvent(
        advertiserId, Enhance.textOr(name, UNKNOWN), publisher, city, isClicked, price);
  }
}
