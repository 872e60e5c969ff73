package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.AdEventsTruth;
import io.starfire.jobs.ads.GeneratedRecord;
import io.starfire.kernel.Lookups;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The brute-force truth of the ad events is what the pipeline means. */
class AdEventsTruthTest {
  private static final Interval INTERVAL = Interval.parse("2026-11-20T10/PT4H");
  private static final Lookups EMPTY = (name, key) -> Optional.empty();

  @Test
  void theTruthEqualsTheMeaningOfThePipeline() {
    AdEventsGenerator generator =
        new AdEventsGenerator(
            new AdEventsGenerator.Settings(
                42, Instant.ofEpochMilli(INTERVAL.startMillis()), 0.1, Duration.ofMinutes(5)));
    AdEventsTruth truth = new AdEventsTruth();
    Map<String, List<Record>> input = new HashMap<>();
    while (generator.nextArrivalMillis() < INTERVAL.endMillis()) {
      GeneratedRecord record = generator.next();
      truth.add(record);
      if (record.event().isPresent() && record.eventTimeMillis().isPresent()) {
        input.computeIfAbsent(record.source(), name -> new ArrayList<>()).add(record.event().get());
      }
    }
    Plan plan = Planner.plan(new AdEvents());
    Map<RowValue, Long> rows =
        ReferenceDriver.run(plan, Grants.asked(plan), EMPTY, input)
            .rows()
            .get(AdEvents.DATA_SOURCE);
    for (AdEventsTruth.Hour hour : truth.hours(INTERVAL)) {
      assertThat(sums(rows, hour.startMillis()))
          .as(Times.format(hour.startMillis()))
          .isEqualTo(hour);
      assertThat(hour.clicks()).isPositive();
    }
  }

  private static AdEventsTruth.Hour sums(Map<RowValue, Long> rows, long startMillis) {
    long count = 0;
    long clicks = 0;
    double revenue = 0;
    for (Map.Entry<RowValue, Long> entry : rows.entrySet()) {
      RowValue row = entry.getKey();
      if (row.timeMillis() >= startMillis && row.timeMillis() < startMillis + 3_600_000) {
        count += entry.getValue();
        clicks += entry.getValue() * row.metricBits().get(1);
        revenue += entry.getValue() * Double.longBitsToDouble(row.metricBits().get(2));
      }
    }
    return new AdEventsTruth.Hour(startMillis, count, count, clicks, revenue);
  }
}
