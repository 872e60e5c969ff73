package io.starfire.serving.query.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.sample.Answers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of two days in October, rolled up by the hour. */
class RollupWarningTest {
  private static final String DAYS = "{'type':'period','period':'P1D','timeZone':'%s'}";

  private static Optional<String> warning(Granularity stored, String granularity, String interval) {
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "ads",
                List.of(new DimensionSpec("city", ColumnType.STRING)),
                List.of(new MetricSpec("count", MetricSpec.Aggregation.COUNT)),
                Granularity.DAY,
                stored,
                true));
    for (String time : List.of("2026-10-01T03:00Z", "2026-10-02T20:00Z")) {
      boolean unused =
          index.add(
              new DataRow(
                  stored.bucketStart(Times.parse(time)),
                  new Object[] {"x"},
                  new long[] {1},
                  new boolean[1]));
    }
    return RollupWarning.of(
        Answers.parse(
            "{'queryType':'timeseries','dataSource':'ads','aggregations':[],'intervals':'%s','granularity':%s}"
                .formatted(interval, granularity)),
        List.of(
            new RowSource("ads", Interval.ETERNITY, index.snapshot(), List.of(Interval.ETERNITY))));
  }

  @Test
  void aLocalMidnightWithinAnHourIsSaid() {
    assertThat(warning(Granularity.HOUR, DAYS.formatted("Asia/Kolkata"), "2026-09-30/2026-10-04"))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith(
                        "the boundary 2026-10-02T00:00:00.000+05:30 of two buckets lies within a"
                            + " bucket of queryGranularity hour, by which the rows were rolled"
                            + " up"));
  }

  @Test
  void whatCutsNothingIsNotSaid() {
    String all = "1970/3000";
    assertThat(warning(Granularity.HOUR, DAYS.formatted("America/Los_Angeles"), all)).isEmpty();
    assertThat(warning(Granularity.THIRTY_MINUTE, DAYS.formatted("Asia/Kolkata"), all)).isEmpty();
    assertThat(warning(Granularity.NONE, DAYS.formatted("Asia/Kolkata"), all)).isEmpty();
    assertThat(warning(Granularity.HOUR, "'all'", all)).isEmpty();
    assertThat(warning(Granularity.HOUR, "'day'", all)).isEmpty();
    assertThat(warning(Granularity.HOUR, "'all'", "2026-09-30T10:17Z/2026-10-04")).isEmpty();
  }

  @Test
  void anIntervalThatEndsWithinAnHourAndBucketsThatAreShorterAreSaid() {
    assertThat(warning(Granularity.HOUR, "'all'", "2026-10-01T03:30Z/2026-10-04"))
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith("the end 2026-10-01T03:30:00.000Z of an interval lies within"));
    assertThat(warning(Granularity.HOUR, "'minute'", "2026-10-01T03/2026-10-04"))
        .hasValueSatisfying(
            warning ->
                assertThat(warning).startsWith("the boundary 2026-10-01T03:01:00.000Z of two"));
  }
}
