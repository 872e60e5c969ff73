package io.starfire.jobs.ads;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What {@link AdEvents} must give for the records it has been told of, worked out by brute force
 * and without any part of Starfire that computes. Thread-safe.
 */
public final class AdEventsTruth {
  private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
  private static final long WINDOW_MILLIS = Duration.ofHours(2).toMillis();

  private final TreeMap<Long, List<Impression>> impressionsByHour = new TreeMap<>();
  private final Set<Identity> seen = new HashSet<>();
  private final Map<String, List<Long>> clicksByImpression = new HashMap<>();

  /** Takes one generated record, in any order. */
  public synchronized void add(GeneratedRecord record) {
    if (record.event().isEmpty() || record.eventTimeMillis().isEmpty()) {
      return;
    }
    long timeMillis = record.eventTimeMillis().getAsLong();
    if (record.event().get() instanceof Impression impression) {
      String id = impression.impressionId();
      if (id == null || seen.add(new Identity(id, timeMillis))) {
        long hour = timeMillis - Math.floorMod(timeMillis, HOUR_MILLIS);
        impressionsByHour.computeIfAbsent(hour, start -> new ArrayList<>()).add(impression);
      }
    } else if (record.event().get() instanceof Click click && click.impressionId() != null) {
      clicksByImpression
          .computeIfAbsent(click.impressionId(), id -> new ArrayList<>(1))
          .add(timeMillis);
    }
  }

  /** The truth of the hour that begins at {@code startMillis}; zeros if there was nothing. */
  public synchronized Hour hour(long startMillis) {
    if (Math.floorMod(startMillis, HOUR_MILLIS) != 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "an hour must start on the hour, got " + startMillis);
    }
    long rows = 0;
    long clicks = 0;
    long sixtyFourths = 0;
    for (Impression impression : impressionsByHour.getOrDefault(startMillis, List.of())) {
      if (!AdEvents.TEST_PUBLISHER.equals(impression.publisher())) {
        rows++;
        clicks += isClicked(impression) ? 1 : 0;
        sixtyFourths += Math.round(impression.price() * 64);
      }
    }
    return new Hour(startMillis, rows, rows, clicks, sixtyFourths / 64.0);
  }

  /** The truth of every hour of an interval, which must consist of whole hours, in order. */
  public List<Hour> hours(Interval interval) {
    List<Hour> hours = new ArrayList<>();
    for (long start = interval.startMillis(); start < interval.endMillis(); start += HOUR_MILLIS) {
      hours.add(hour(start));
    }
    return hours;
  }

  private boolean isClicked(Impression impression) {
    long served = impression.servedAt().toEpochMilli();
    return impression.impressionId() != null
        && clicksByImpression.getOrDefault(impression.impressionId(), List.of()).stream()
            .anyMatch(clicked -> served <= clicked && clicked - served <= WINDOW_MILLIS);
  }

  /**
   * What one hour must hold.
   *
   * @param startMillis of the hour
   * @param rows result events before rollup
   * @param impressions the metric; equal to {@code rows}
   * @param clicks the metric: impressions that were clicked in time
   * @param revenue the metric, exact
   */
  public record Hour(long startMillis, long rows, long impressions, long clicks, double revenue) {}

  private record Identity(String impressionId, long timeMillis) {}
}
