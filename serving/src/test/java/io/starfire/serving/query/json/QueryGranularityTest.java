package io.starfire.serving.query.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.serving.query.model.PeriodGranularity;
import io.starfire.serving.query.model.QueryGranularity;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueryGranularityTest {
  private static final String LOS_ANGELES = "America/Los_Angeles";

  @Test
  void aLocalDayHas23HoursWhenDaylightSavingBeginsAnd25WhenItEnds() {
    QueryGranularity day = period("P1D", LOS_ANGELES);

    assertThat(starts(day, "2026-03-07T12", 3))
        .containsExactly(
            "2026-03-07T08:00:00.000Z", "2026-03-08T08:00:00.000Z", "2026-03-09T07:00:00.000Z");
    assertThat(starts(day, "2026-10-31T12", 3))
        .containsExactly(
            "2026-10-31T07:00:00.000Z", "2026-11-01T07:00:00.000Z", "2026-11-02T08:00:00.000Z");
  }

  @Test
  void aLocalHourThatComesTwiceIsTwoBuckets() {
    assertThat(starts(period("PT1H", LOS_ANGELES), "2026-11-01T08:30", 3))
        .containsExactly(
            "2026-11-01T08:00:00.000Z", "2026-11-01T09:00:00.000Z", "2026-11-01T10:00:00.000Z");
  }

  @Test
  void hoursAreAlignedToTheLocalHourEvenWhereOffsetsAreNotWholeHours() {
    assertThat(starts(period("PT1H", "Asia/Kathmandu"), "2026-11-01T08:00", 2))
        .containsExactly("2026-11-01T07:15:00.000Z", "2026-11-01T08:15:00.000Z");
  }

  @Test
  void weeksStartOnMondayAndMonthsQuartersAndYearsOnTheLocalCalendar() {
    assertThat(starts(period("P1W", LOS_ANGELES), "2026-11-21T10", 2))
        .containsExactly("2026-11-16T08:00:00.000Z", "2026-11-23T08:00:00.000Z");
    assertThat(starts(period("P1M", LOS_ANGELES), "2026-11-01T06:59:59", 2))
        .containsExactly("2026-10-01T07:00:00.000Z", "2026-11-01T07:00:00.000Z");
    assertThat(starts(period("P3M", "UTC"), "2026-11-21", 2))
        .containsExactly("2026-10-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z");
    assertThat(starts(period("P1Y", "Europe/Berlin"), "2026-11-21", 2))
        .containsExactly("2025-12-31T23:00:00.000Z", "2026-12-31T23:00:00.000Z");
  }

  @Test
  void anOriginMovesTheBuckets() {
    QueryGranularity sixHours =
        parse("{'type':'period','period':'PT6H','timeZone':'UTC','origin':'2026-11-20T01:00:00Z'}");
    QueryGranularity ninetySeconds =
        parse("{'type':'duration','duration':90000,'origin':'2026-11-20T00:00:30Z'}");

    assertThat(starts(sixHours, "2026-11-20T00", 2))
        .containsExactly("2026-11-19T19:00:00.000Z", "2026-11-20T01:00:00.000Z");
    assertThat(starts(ninetySeconds, "2026-11-20T00", 2))
        .containsExactly("2026-11-19T23:59:00.000Z", "2026-11-20T00:00:30.000Z");
    assertThat(starts(parse("{'type':'duration','duration':'3600000'}"), "2026-11-20T00:10", 1))
        .containsExactly("2026-11-20T00:00:00.000Z");
  }

  @Test
  void anOriginThatComesTwiceOnTheClockStartsABucketItself() {
    String text = "{'type':'period','period':'P1W','timeZone':'%s','origin':'%s'}";
    QueryGranularity second = parse(text.formatted(LOS_ANGELES, "2026-11-01T09:07:00Z"));
    QueryGranularity first = parse(text.formatted(LOS_ANGELES, "2026-11-01T08:07:00Z"));

    assertThat(starts(second, "2026-11-01T08:30", 3))
        .containsExactly(
            "2026-10-25T08:07:00.000Z", "2026-11-01T09:07:00.000Z", "2026-11-08T09:07:00.000Z");
    assertThat(starts(first, "2026-11-01T08:00", 3))
        .containsExactly(
            "2026-10-25T08:07:00.000Z", "2026-11-01T08:07:00.000Z", "2026-11-08T09:07:00.000Z");
  }

  @Test
  void everySimpleNameOfDruidIsRead() {
    for (String name :
        List.of(
            "all",
            "none",
            "second",
            "minute",
            "five_minute",
            "ten_minute",
            "fifteen_minute",
            "thirty_minute",
            "hour",
            "six_hour",
            "eight_hour",
            "day",
            "week",
            "month",
            "quarter",
            "year")) {
      assertThat(parse("'" + name + "'"))
          .isEqualTo(QueryGranularity.of(Granularity.parse(name)))
          .isEqualTo(parse("'" + name.toUpperCase(java.util.Locale.ROOT) + "'"));
    }
    assertThat(parse("{'type':'all'}").isAll()).isTrue();
    assertThat(parse("{'type':'none'}").isNone()).isTrue();
  }

  @Test
  void everyInstantLiesInExactlyOneBucketInEveryZone() {
    long seed = Long.getLong("starfire.seed", 20_261_124L);
    System.out.println("-Dstarfire.seed=" + seed);
    Random random = new Random(seed);
    List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
    List<String> periods =
        List.of(
            "P1Y", "P1M", "P5M", "P1W", "P2W", "P1D", "P3D", "PT1H", "PT6H", "PT30M", "PT15M",
            "PT20S", "PT7M", "P1Y6M", "P1M3D", "P1DT12H", "P2Y1W");
    for (int i = 0; i < 4_000; i++) {
      String zone = zones.get(random.nextInt(zones.size()));
      String period = periods.get(random.nextInt(periods.size()));
      Long origin = random.nextInt(4) == 0 ? (Long) random.nextLong(4_000_000_000_000L) : null;
      QueryGranularity granularity = new PeriodGranularity(period, ZoneId.of(zone), origin);
      long millis = random.nextLong(random.nextInt(8) == 0 ? Times.END_MILLIS : 4_000_000_000_000L);

      long start = granularity.bucketStart(millis);
      long end = granularity.bucketEnd(start);

      String what = "seed %d: %s, %d".formatted(seed, granularity.text(), millis);
      assertThat(millis).as(what).isGreaterThanOrEqualTo(start).isLessThan(end);
      assertThat(granularity.bucketStart(start)).as(what).isEqualTo(start);
      assertThat(granularity.bucketStart(end - 1)).as(what).isEqualTo(start);
      assertThat(granularity.bucketStart(end)).as(what).isEqualTo(end);
    }
  }

  @Test
  void whatIsNoGranularityIsRefusedWithASentence() {
    assertRefused("'fortnight'", "granularity 'fortnight' is not known; use one of");
    assertRefused(
        "{'type':'period','period':'1 day'}",
        "granularity.period '1 day' is not an ISO-8601 period; write it like P1D, P1M or PT15M");
    assertRefused(
        "{'type':'period','period':'PT0S'}",
        "granularity.period must be longer than nothing, got 'PT0S'");
    assertRefused(
        "{'type':'period','period':'P1D','timeZone':'America/Los_Angles'}",
        "granularity.timeZone 'America/Los_Angles' is not known; use a name such as");
    assertRefused(
        "{'type':'duration','duration':0}",
        "granularity.duration must be whole milliseconds above 0, got 0");
    assertRefused(
        "{'type':'duration','duration':1.5}",
        "granularity.duration must be whole milliseconds above 0, got 1.5");
    assertRefused("{'type':'sliding'}", "granularity.type 'sliding' is not known");
    assertRefused(
        "{'type':'duration','duration':1,'zone':'UTC'}",
        "granularity.zone is not a field of a granularity of type duration");
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private static QueryGranularity period(String period, String zone) {
    return parse("{'type':'period','period':'%s','timeZone':'%s'}".formatted(period, zone));
  }

  private static QueryGranularity parse(String json) {
    try {
      return GranularityParser.parse(
          JsonMapper.builder().build().readTree(json.replace('\'', '"')), "granularity");
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> starts(QueryGranularity granularity, String from, int count) {
    List<String> starts = new ArrayList<>();
    long start = granularity.bucketStart(Times.parse(from));
    for (int i = 0; i < count; i++) {
      starts.add(Times.format(start));
      start = granularity.bucketEnd(start);
    }
    return starts;
  }
}
