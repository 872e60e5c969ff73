package io.starfire.jobs.ads;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.jobs.ads.GeneratedRecord.Draft;
import io.starfire.jobs.ads.GeneratedRecord.Trait;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/**
 * Makes impressions and clicks from a seed, without end, in the order in which they arrive. Equal
 * settings give equal records. Events are out of order by up to some minutes, and a few by more;
 * there are copies, null keys, bad times and records that are no events. Prices are multiples of
 * 1/64, so that their sums are exact. All that can change the truth of an hour has arrived when the
 * arrivals are two hours and four minutes beyond its end.
 *
 * <p>Not thread-safe. Holds only what has happened and not arrived yet: about two hours of clicks.
 */
public final class AdEventsGenerator {
  private final Settings settings;
  private final AdTraffic traffic;
  private final PriorityQueue<Pending> pending = new PriorityQueue<>();
  private GeneratorCounts counts = GeneratorCounts.ZERO;
  private long sequence;
  private long highestEventMillis = Long.MIN_VALUE;

  public AdEventsGenerator(Settings settings) {
    this.settings = requireNonNull(settings, "settings");
    this.traffic = new AdTraffic(settings, this::pend);
  }

  /** The next record; there always is one. Its arrival is never before that of the one before. */
  public GeneratedRecord next() {
    fill();
    Draft draft = pending.remove().draft();
    boolean timed = draft.eventTime() != null && !draft.traits().contains(Trait.BAD_TIME);
    boolean late = false;
    if (timed) {
      long eventMillis = draft.eventTime().toEpochMilli();
      late =
          highestEventMillis != Long.MIN_VALUE
              && eventMillis < highestEventMillis - settings.lateness().toMillis();
      highestEventMillis = Math.max(highestEventMillis, eventMillis);
    }
    GeneratedRecord record = new GeneratedRecord(draft, key(draft), value(draft), late);
    counts = counts.plus(record);
    return record;
  }

  /** When the next record arrives, in milliseconds of event time since the epoch. */
  public long nextArrivalMillis() {
    fill();
    return pending.element().draft().arrivalMillis();
  }

  /** What {@link #next} has returned so far. */
  public GeneratorCounts counts() {
    return counts;
  }

  /** The lookup {@link AdEvents#ADVERTISERS}, as CSV with a header, in UTF-8. */
  public static String advertisersCsv() {
    return AdvertiserTable.csv();
  }

  /** Nothing arrives before it has happened, so all that can arrive next has to have happened. */
  private void fill() {
    while (pending.isEmpty()
        || pending.element().draft().arrivalMillis() >= traffic.nextServedMillis()) {
      traffic.serveNext();
    }
  }

  private void pend(Draft draft) {
    pending.add(new Pending(draft, sequence++));
  }

  private static byte[] key(Draft draft) {
    return draft.impressionId() == null
        ? null
        : draft.impressionId().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] value(Draft draft) {
    if (draft.event() instanceof Impression impression) {
      return AdJson.impression(impression);
    }
    return draft.event() instanceof Click click
        ? AdJson.click(click)
        : AdJson.undecodable(draft.impressionId());
  }

  /** In order of arrival; of equal ones the one that was made first. */
  private record Pending(Draft draft, long sequence) implements Comparable<Pending> {
    @Override
    public int compareTo(Pending other) {
      int byArrival = Long.compare(draft.arrivalMillis(), other.draft.arrivalMillis());
      return byArrival != 0 ? byArrival : Long.compare(sequence, other.sequence);
    }
  }

  /**
   * What to generate.
   *
   * @param seed of all that is random
   * @param start the first impression is served at or after it
   * @param impressionsPerSecond on average, in event time; above 0
   * @param lateness beyond which a record is counted as late
   */
  public record Settings(long seed, Instant start, double impressionsPerSecond, Duration lateness) {
    /** About 80,000 impressions in eight hours, and five minutes of lateness. */
    public static Settings of(long seed, Instant start) {
      return new Settings(seed, start, 2.8, Duration.ofMinutes(5));
    }

    public Settings {
      requireNonNull(start, "start");
      requireNonNull(lateness, "lateness");
      if (!(impressionsPerSecond > 0 && impressionsPerSecond <= 1000)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "impressionsPerSecond must be above 0 and at most 1000, got " + impressionsPerSecond);
      }
      if (lateness.isNegative()) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT, "lateness must not be negative, got " + lateness);
      }
    }
  }
}
