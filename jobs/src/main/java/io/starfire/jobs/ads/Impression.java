package io.starfire.jobs.ads;

import java.time.Instant;

/**
 * An ad that was shown.
 *
 * @param impressionId null if the page did not send one
 * @param servedAt event time
 * @param advertiserId null if unknown
 * @param publisher the site; may be null or blank
 * @param city of the viewer; null if unknown
 * @param price paid for showing the ad
 */
public record Impression(
    String impressionId,
    Instant servedAt,
    String advertiserId,
    String publisher,
    String city,
    double price) {}
