package io.starfire.jobs.ads;

import io.starfire.jobs.ads.GeneratedRecord.Draft;
import io.starfire.jobs.ads.GeneratedRecord.Trait;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * What happens on the sites: one impression after the other, each with the clicks, copies and
 * accidents that follow from it. Hands out records in the order in which they happen, each with
 * when it will arrive.
 */
final class AdTraffic {
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;

  private static final int PUBLISHERS = 50;
  private static final List<String> CITIES =
      List.of(
          "Amsterdam",
          "Kathmandu",
          "Lagos",
          "Lima",
          "London",
          "Montréal",
          "Oslo",
          "São Paulo",
          "Seoul",
          "Wien");

  private final SplittableRandom random;
  private final Consumer<Draft> out;
  private final Zipf publishers = new Zipf(PUBLISHERS);
  private final Zipf advertisers = new Zipf(AdvertiserTable.IDS);
  private final Zipf cities = new Zipf(CITIES.size());
  private final double meanGapMillis;
  private final String idPrefix;
  private double clockMillis;
  private long impressions;

  AdTraffic(AdEventsGenerator.Settings settings, Consumer<Draft> out) {
    this.random = new SplittableRandom(settings.seed());
    this.out = out;
    this.meanGapMillis = SECOND / settings.impressionsPerSecond();
    this.clockMillis = settings.start().toEpochMilli();
    this.idPrefix = Long.toString(settings.start().getEpochSecond(), 36) + "-";
    advance();
  }

  /** When the next impression is served, and before which nothing of it can arrive. */
  long nextServedMillis() {
    return (long) clockMillis;
  }

  void serveNext() {
    long servedMillis = nextServedMillis();
    advance();
    impressions++;
    String impressionId = idPrefix + Long.toString(impressions, 36);
    if (chance(0.001)) {
      undecodable(impressionId, servedMillis);
    }
    if (chance(0.01)) {
      // No click can name it, but some try.
      impression(null, servedMillis);
      if (chance(0.2)) {
        click(null, servedMillis);
      }
      return;
    }
    if (chance(0.001)) {
      badTimes(impressionId, servedMillis);
    }
    impression(impressionId, servedMillis);
    if (chance(0.2)) {
      click(impressionId, servedMillis);
      if (chance(0.05)) {
        click(impressionId, servedMillis);
      }
    }
  }

  private void advance() {
    // StrictMath gives the same bits on every machine.
    clockMillis -= StrictMath.log(1 - random.nextDouble()) * meanGapMillis;
  }

  private void impression(String impressionId, long servedMillis) {
    Impression impression = describe(impressionId, Instant.ofEpochMilli(servedMillis));
    long arrivalMillis = servedMillis + (chance(0.004) ? lateDelay() : delay());
    send(AdEvents.IMPRESSIONS, impression, impressionId, servedMillis, arrivalMillis);
  }

  /** A click that counts arrives before the hour of its impression can be closed. */
  private void click(String impressionId, long servedMillis) {
    long clickedMillis = servedMillis + clickDelay();
    long arrivalMillis = clickedMillis + delay();
    if (chance(0.03)) {
      long closedMillis = servedMillis + 2 * HOUR + 4 * MINUTE;
      arrivalMillis = Math.max(arrivalMillis, Math.min(clickedMillis + lateDelay(), closedMillis));
    }
    Click click = new Click(impressionId, Instant.ofEpochMilli(clickedMillis));
    send(AdEvents.CLICKS, click, impressionId, clickedMillis, arrivalMillis);
  }

  private Impression describe(String impressionId, Instant servedAt) {
    return new Impression(
        impressionId,
        servedAt,
        chance(0.01) ? null : AdvertiserTable.id(advertisers.draw(random)),
        publisher(),
        chance(0.03) ? null : CITIES.get(cities.draw(random)),
        (1 + random.nextInt(320)) / 64.0);
  }

  private String publisher() {
    double at = random.nextDouble();
    if (at < 0.02) {
      return AdEvents.TEST_PUBLISHER;
    }
    if (at < 0.03) {
      return null;
    }
    if (at < 0.04) {
      return at < 0.035 ? "" : "  ";
    }
    return "site-%02d.example".formatted(publishers.draw(random) + 1);
  }

  private void send(
      String source, Record event, String impressionId, long eventMillis, long arrivalMillis) {
    Set<Trait> traits = EnumSet.noneOf(Trait.class);
    if (impressionId == null) {
      traits.add(Trait.NULL_KEY);
    }
    Draft draft =
        new Draft(
            source, event, Instant.ofEpochMilli(eventMillis), impressionId, arrivalMillis, traits);
    out.accept(draft);
    if (chance(0.02)) {
      long copyMillis = arrivalMillis + random.nextLong(chance(0.1) ? 20 * MINUTE : MINUTE);
      out.accept(draft.copyArrivingAt(copyMillis));
    }
  }

  private void undecodable(String impressionId, long millis) {
    String source = chance(0.5) ? AdEvents.IMPRESSIONS : AdEvents.CLICKS;
    out.accept(
        new Draft(
            source, null, null, impressionId, millis + delay(), EnumSet.of(Trait.UNDECODABLE)));
  }

  private void badTimes(String impressionId, long millis) {
    Instant bad =
        switch (random.nextInt(3)) {
          case 0 -> Instant.parse("1969-12-31T23:59:59.999Z");
          case 1 -> Instant.parse("2090-06-01T00:00:00Z");
          default -> null;
        };
    boolean impression = chance(0.5);
    out.accept(
        new Draft(
            impression ? AdEvents.IMPRESSIONS : AdEvents.CLICKS,
            impression ? describe(impressionId, bad) : new Click(impressionId, bad),
            bad,
            impressionId,
            millis + delay(),
            EnumSet.of(Trait.BAD_TIME)));
  }

  /** Most within minutes, a tail up to two hours, and a few beyond, which count no more. */
  private long clickDelay() {
    double at = random.nextDouble();
    if (at < 0.75) {
      return random.nextLong(10 * MINUTE);
    }
    if (at < 0.97) {
      return 10 * MINUTE + random.nextLong(110 * MINUTE + 1);
    }
    return 2 * HOUR + 1 + random.nextLong(30 * MINUTE);
  }

  /** Of records that are in time: seconds, now and then minutes. */
  private long delay() {
    return chance(0.9) ? random.nextLong(10 * SECOND) : random.nextLong(4 * MINUTE);
  }

  /** Of records that are not in time, and yet are before an archive is complete. */
  private long lateDelay() {
    return 6 * MINUTE + random.nextLong(34 * MINUTE);
  }

  private boolean chance(double probability) {
    return random.nextDouble() < probability;
  }
}
