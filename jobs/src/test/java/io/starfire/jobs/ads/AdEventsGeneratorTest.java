package io.starfire.jobs.ads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.jobs.ads.GeneratedRecord.Trait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdEventsGeneratorTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final long HOUR = Duration.ofHours(1).toMillis();

  @Test
  void equalSeedsGiveEqualRecords() {
    AdEventsGenerator left = generator(42);
    AdEventsGenerator right = generator(42);
    for (int i = 0; i < 5000; i++) {
      GeneratedRecord one = left.next();
      GeneratedRecord other = right.next();
      assertThat(one.value()).isEqualTo(other.value());
      assertThat(one.key()).isEqualTo(other.key());
      assertThat(one.arrivalMillis()).isEqualTo(other.arrivalMillis());
      assertThat(one.traits()).isEqualTo(other.traits());
    }
    assertThat(left.counts()).isEqualTo(right.counts());
    assertThat(records(generator(43), 100).get(99).value()).isNotEqualTo(left.next().value());
  }

  @Test
  void recordsComeInTheOrderInWhichTheyArriveAndNeverBeforeTheyHappen() {
    AdEventsGenerator generator = generator(1);
    long before = 0;
    for (int i = 0; i < 20_000; i++) {
      long announced = generator.nextArrivalMillis();
      GeneratedRecord record = generator.next();
      assertThat(record.arrivalMillis()).isEqualTo(announced).isGreaterThanOrEqualTo(before);
      before = announced;
      if (record.eventTimeMillis().isPresent()) {
        assertThat(record.eventTimeMillis().getAsLong()).isLessThanOrEqualTo(before);
      }
    }
  }

  @Test
  void eightHoursHoldAboutEightyThousandImpressionsAndEveryKindOfOddity() {
    AdEventsGenerator generator = generator(42);
    long end = START.toEpochMilli() + 8 * HOUR;
    while (generator.nextArrivalMillis() < end) {
      generator.next();
    }
    GeneratorCounts counts = generator.counts();
    assertThat(counts.impressions()).isBetween(75_000L, 90_000L);
    assertThat(counts.clicks()).isBetween(14_000L, 20_000L);
    assertThat(counts.generated()).isEqualTo(counts.impressions() + counts.clicks());
    assertThat(counts.duplicates()).isBetween(1500L, 3000L);
    assertThat(counts.late()).isBetween(500L, 2500L);
    assertThat(counts.undecodable()).isBetween(40L, 160L);
    assertThat(counts.nullKey()).isBetween(500L, 1500L);
    assertThat(counts.badTime()).isBetween(40L, 160L);
  }

  @Test
  void lateIsWhatIsBelowTheHighestEventTimeBeforeItLessTheLateness() {
    long highest = Long.MIN_VALUE;
    for (GeneratedRecord record : records(generator(7), 30_000)) {
      if (record.eventTimeMillis().isPresent()) {
        long time = record.eventTimeMillis().getAsLong();
        boolean late = highest != Long.MIN_VALUE && time < highest - 5 * 60_000;
        assertThat(record.traits().contains(Trait.LATE)).isEqualTo(late);
        highest = Math.max(highest, time);
      }
    }
  }

  @Test
  void duplicatesAreExactCopiesOfEarlierRecordsOfBothSources() {
    Set<String> seen = new HashSet<>();
    Set<String> copiedSources = new HashSet<>();
    for (GeneratedRecord record : records(generator(3), 30_000)) {
      String text = record.source() + new String(record.value(), StandardCharsets.UTF_8);
      if (record.traits().contains(Trait.DUPLICATE)) {
        assertThat(seen).contains(text);
        copiedSources.add(record.source());
      }
      seen.add(text);
    }
    assertThat(copiedSources).containsExactlyInAnyOrder(AdEvents.IMPRESSIONS, AdEvents.CLICKS);
  }

  @Test
  void valuesAreJsonOfTheEventUnlessUndecodable() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    for (GeneratedRecord record : records(generator(5), 10_000)) {
      if (record.traits().contains(Trait.UNDECODABLE)) {
        assertThat(record.event()).isEmpty();
        assertThatThrownBy(() -> mapper.readTree(record.value())).isInstanceOf(IOException.class);
        continue;
      }
      JsonNode json = mapper.readTree(record.value());
      String id = json.path("impressionId").textValue();
      assertThat(id == null).isEqualTo(record.traits().contains(Trait.NULL_KEY));
      assertThat(record.key()).isEqualTo(id == null ? null : id.getBytes(StandardCharsets.UTF_8));
      if (record.event().orElseThrow() instanceof Impression impression) {
        assertThat(json.path("price").doubleValue()).isEqualTo(impression.price());
        assertThat(impression.price() * 64).isEqualTo(Math.rint(impression.price() * 64));
      }
      if (record.eventTimeMillis().isPresent()) {
        String field = record.source().equals(AdEvents.CLICKS) ? "clickedAt" : "servedAt";
        assertThat(Instant.parse(json.path(field).textValue()).toEpochMilli())
            .isEqualTo(record.eventTimeMillis().getAsLong());
      }
    }
  }

  @Test
  void clicksFallWithinTwoHoursAndSomeBeyond() {
    Set<String> delays = new HashSet<>();
    java.util.Map<String, Long> served = new java.util.HashMap<>();
    for (GeneratedRecord record : records(generator(11), 60_000)) {
      if (record.eventTimeMillis().isEmpty() || record.key() == null) {
        continue;
      }
      long time = record.eventTimeMillis().getAsLong();
      if (record.event().orElseThrow() instanceof Impression impression) {
        served.put(impression.impressionId(), time);
      } else if (record.event().orElseThrow() instanceof Click click
          && served.containsKey(click.impressionId())) {
        long delay = time - served.get(click.impressionId());
        delays.add(delay <= 15 * 60_000 ? "early" : delay <= 2 * HOUR ? "tail" : "beyond");
      }
    }
    assertThat(delays).containsExactlyInAnyOrder("early", "tail", "beyond");
  }

  @Test
  void theTruthOfAnHourIsFinalTwoHoursAndFourMinutesAfterItsEnd() {
    AdEventsGenerator generator = generator(42);
    AdEventsTruth truth = new AdEventsTruth();
    Interval firstHour = Interval.parse("2026-11-20T10/PT1H");
    long closed = firstHour.endMillis() + 2 * HOUR + 4 * 60_000;
    while (generator.nextArrivalMillis() <= closed) {
      truth.add(generator.next());
    }
    List<AdEventsTruth.Hour> then = truth.hours(firstHour);
    while (generator.nextArrivalMillis() < closed + 3 * HOUR) {
      truth.add(generator.next());
    }
    assertThat(truth.hours(firstHour)).isEqualTo(then);
    AdEventsTruth.Hour hour = then.get(0);
    assertThat(hour.rows()).isBetween(9000L, 11_000L).isEqualTo(hour.impressions());
    assertThat(hour.clicks()).isBetween(1500L, 2200L);
    assertThat(hour.revenue() * 64).isEqualTo(Math.rint(hour.revenue() * 64)).isPositive();
  }

  @Test
  void theTruthDoesNotDependOnTheOrderOfRecords() {
    List<GeneratedRecord> records = records(generator(9), 20_000);
    AdEventsTruth forward = new AdEventsTruth();
    records.forEach(forward::add);
    AdEventsTruth backward = new AdEventsTruth();
    for (int i = records.size() - 1; i >= 0; i--) {
      backward.add(records.get(i));
    }
    Interval interval = Interval.parse("2026-11-20T10/PT3H");
    assertThat(backward.hours(interval)).isEqualTo(forward.hours(interval));
    assertThatThrownBy(() -> forward.hour(1))
        .isInstanceOf(StarfireException.class)
        .hasMessage("an hour must start on the hour, got 1");
  }

  @Test
  void theLookupHasMostAdvertisersAndQuotesWhatNeedsIt() {
    String[] lines = AdEventsGenerator.advertisersCsv().split("\n");
    assertThat(lines[0]).isEqualTo("advertiserId,name,industry");
    assertThat(lines).hasSize(1 + AdvertiserTable.IDS - AdvertiserTable.NOT_LISTED);
    assertThat(Arrays.asList(lines))
        .contains("adv-13,\"Blue Books, Inc.\",retail")
        .contains("adv-31,\"Blue \"\"Best\"\" Shoes\",fashion");
  }

  @Test
  void aRateOfZeroIsRefused() {
    assertThatThrownBy(() -> new AdEventsGenerator.Settings(1, START, 0, Duration.ZERO))
        .isInstanceOf(StarfireException.class)
        .hasMessage("impressionsPerSecond must be above 0 and at most 1000, got 0.0");
  }

  private static AdEventsGenerator generator(long seed) {
    return new AdEventsGenerator(AdEventsGenerator.Settings.of(seed, START));
  }

  private static List<GeneratedRecord> records(AdEventsGenerator generator, int count) {
    List<GeneratedRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(generator.next());
    }
    return records;
  }
}
