package io.starfire.serving.query.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Regular expressions that are no good, and those that never come to an end. */
class RegexFilterTest {
  /** Java remembers where simpler ones have failed, but not those with a back-reference. */
  private static final String BACKTRACKS_FOR_EVER = "^((a|a)*)\\\\1c";

  @Test
  void aPatternThatBacktracksForEverIsRefusedLongBeforeTheQuerysTimeout() {
    // Would take 2^60 steps and more.
    for (boolean stored : new boolean[] {true, false}) {
      assertThatThrownBy(() -> count(BACKTRACKS_FOR_EVER, "a".repeat(60) + "b", stored, control()))
          .isInstanceOfSatisfying(
              StarfireException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
          .hasMessageContaining("backtracks without end: of a text of 61 characters it read");
    }
  }

  @Test
  void aPatternThatIsOnlySlowEndsAtTheQuerysTimeout() {
    // Reads each of 20,000 characters as often as there are. Each look at the clock is a
    // millisecond later than the one before.
    AtomicLong now = new AtomicLong();
    InstantSource clock = () -> Instant.ofEpochMilli(now.incrementAndGet());
    QueryControl control =
        QueryControl.start(clock, QueryLimits.DEFAULT, new QueryContext(Map.of("timeout", 200)));
    assertThatThrownBy(() -> count(".*x", "a".repeat(20_000), true, control))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
        .hasMessageContaining("the query took longer than its limit of 200 ms");
  }

  @Test
  void aPatternThatBacktracksForEverOverNumbersEndsToo() {
    RowSet rows =
        new ArrayRowSet(
            List.of(SampleRow.of(0, "size", Long.MAX_VALUE)),
            Map.of("size", ColumnType.LONG),
            true);
    // Nested so deeply that nineteen digits keep it busy.
    assertThatThrownBy(() -> count("size", "^(((((([0-9]+)+)+)+)+)+)+x", rows, control()))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED));
  }

  @Test
  void aMalformedPatternIsRefusedWithThePlace() {
    assertThatThrownBy(() -> query("city", "Ulm(Bonn"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage(
            "the pattern 'Ulm(Bonn' of the regex filter on 'city' is malformed at character 9:"
                + " Unclosed group");
    assertThatThrownBy(() -> query("city", "a**[b"))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("is malformed at character");
  }

  @Test
  void aPatternThatNeedsTooMuchStackIsRefused() {
    assertThatThrownBy(() -> count("(a|b)*c", "ab".repeat(200_000), true, control()))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("repeats or nests groups too deeply; use a character class");
    assertThatThrownBy(() -> query("city", "(".repeat(100_000) + ")".repeat(100_000)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageMatching("the pattern '[(]{77}\\.\\.\\.' of the regex filter on 'city' .*");
  }

  @Test
  void aPatternIsFoundAnywhereUnlessItIsAnchored() {
    assertThat(count("l", "Ulm", true, control())).isEqualTo(1);
    assertThat(count("^l", "Ulm", true, control())).isZero();
    assertThat(count("^.{3}$", "Ulm", false, control())).isEqualTo(1);
  }

  private static QueryControl control() {
    return QueryControl.start(
        InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  private static long count(String pattern, String city, boolean stored, QueryControl control) {
    RowSet rows =
        new ArrayRowSet(
            List.of(SampleRow.of(0, "city", city)), Map.of("city", ColumnType.STRING), stored);
    return count("city", pattern, rows, control);
  }

  private static long count(String column, String pattern, RowSet rows, QueryControl control) {
    Partial partial = QueryEngine.scan(query(column, pattern), rows, Interval.ETERNITY, control);
    return partial.rowsMatched();
  }

  private static AggregateQuery query(String column, String pattern) {
    return (AggregateQuery)
        Answers.parse(
            """
            {'queryType':'timeseries','dataSource':'ads','intervals':'1970/1971','granularity':'all',
             'aggregations':[],'filter':{'type':'regex','dimension':'%s','pattern':'%s'}}
            """
                .formatted(column, pattern));
  }
}
