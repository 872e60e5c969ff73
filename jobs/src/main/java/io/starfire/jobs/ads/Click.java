package io.starfire.jobs.ads;

import java.time.Instant;

/**
 * A click on an ad.
 *
 * @param impressionId of the impression that was clicked; null if the page did not send one
 * @param clickedAt event time
 */
public record Click(String impressionId, Instant clickedAt) {}
