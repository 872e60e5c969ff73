package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialMerger;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What answers look like, and how queries end early. */
class QueryEngineTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final long HOUR = 3_600_000;
  private static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");

  private final RowSet rows =
      rowSet(
          SampleRow.of(TEN, "city", "Ulm", "clicks", 2L, "revenue", 0.25),
          SampleRow.of(TEN + 1, "city", null, "clicks", 3L, "revenue", null),
          SampleRow.of(TEN + 2 * HOUR, "city", "Bonn", "clicks", null, "revenue", 0.5),
          SampleRow.of(TEN + 2 * HOUR + 1, "city", "Ulm", "clicks", 1L, "revenue", Double.NaN));

  @Test
  void aTimeseriesFillsEmptyBucketsWithCountZeroAndNulls() {
    assertThat(answer(timeseries("hour", "")))
        .isEqualTo(
            """
            [{'timestamp':'2026-11-20T10:00:00.000Z','result':{'rows':2,'clicks':5,'revenue':0.25}},
            {'timestamp':'2026-11-20T11:00:00.000Z','result':{'rows':0,'clicks':null,'revenue':null}},
            {'timestamp':'2026-11-20T12:00:00.000Z','result':{'rows':2,'clicks':1,'revenue':'NaN'}}]\
            """);
  }

  @Test
  void aTimeseriesCanSkipEmptyBucketsGoBackwardsAndEndWithAGrandTotal() {
    assertThat(
            answer(
                timeseries(
                    "hour",
                    ",'descending':true,'limit':1,'context':{'skipEmptyBuckets':true,'grandTotal':true}")))
        .isEqualTo(
            """
            [{'timestamp':'2026-11-20T12:00:00.000Z','result':{'rows':2,'clicks':1,'revenue':'NaN'}},
            {'timestamp':null,'result':{'rows':4,'clicks':6,'revenue':'NaN'}}]\
            """);
  }

  @Test
  void granularityAllIsOneBucketAtTheStartOfTheInterval() {
    assertThat(
            answer(
                timeseries(
                    "all", ",'filter':{'type':'selector','dimension':'city','value':'Rom'}")))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:00:00.000Z','result':{'rows':0,'clicks':null,'revenue':null}}]");
  }

  @Test
  void aGroupByIsOrderedByTimeThenDimensionsNullsFirst() {
    assertThat(answer(timeseries("all", ",'dimensions':['city']").replace("timeseries", "groupBy")))
        .isEqualTo(
            """
            [{'version':'v1','timestamp':'2026-11-20T10:00:00.000Z','event':{'city':null,'rows':1,'clicks':3,'revenue':null}},
            {'version':'v1','timestamp':'2026-11-20T10:00:00.000Z','event':{'city':'Bonn','rows':1,'clicks':null,'revenue':0.5}},
            {'version':'v1','timestamp':'2026-11-20T10:00:00.000Z','event':{'city':'Ulm','rows':2,'clicks':3,'revenue':'NaN'}}]\
            """);
  }

  @Test
  void aBackslashIsWrittenAsItsCode() {
    RowSet backslash = rowSet(SampleRow.of(TEN, "city", "a\"\\", "clicks", 1L, "revenue", 0.0));

    assertThat(
            answer(
                timeseries("all", ",'dimensions':['city']").replace("timeseries", "groupBy"),
                control(),
                backslash))
        .contains("'city':'a\\'\\u005c'");
  }

  @Test
  void notOfAComparisonLeavesOutNulls() {
    String not =
        ",'filter':{'type':'not','field':{'type':'selector','dimension':'city','value':%s}}";

    assertThat(answer(timeseries("all", not.formatted("'Ulm'")))).contains("'rows':1");
    assertThat(answer(timeseries("all", not.formatted("null")))).contains("'rows':3");
  }

  @Test
  void onlyRowsWithinTheClipCount() {
    AggregateQuery query = parse(timeseries("all", ""));
    Partial partial =
        QueryEngine.scan(
            query,
            rows,
            List.of(new Interval(TEN, TEN + 1), new Interval(TEN + 2 * HOUR + 1, TEN + 9 * HOUR)),
            control());

    assertThat(partial.rowsMatched()).isEqualTo(2);
    assertThat(
            QueryEngine.scan(query, rows, new Interval(TEN, TEN + HOUR), control()).rowsMatched())
        .isEqualTo(2);
    assertThat(QueryEngine.scan(query, rows, new Interval(0, TEN), control()).rowsMatched())
        .isZero();
  }

  @Test
  void mergingLeavesThePartsAsTheyAre() {
    AggregateQuery query = parse(timeseries("all", ""));
    Partial one = QueryEngine.scan(query, rows, Interval.ETERNITY, control());
    String before = json(ResultBuilder.finish(query, one, control()));

    Partial both = QueryEngine.merge(query, control(), one, one);

    assertThat(json(ResultBuilder.finish(query, both, control()))).contains("\"clicks\":12");
    assertThat(json(ResultBuilder.finish(query, one, control()))).isEqualTo(before);
  }

  @Test
  void aStringColumnCannotBeSummed() {
    assertThatThrownBy(
            () ->
                answer(timeseries("all", "").replace("'fieldName':'clicks'", "'fieldName':'city'")))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage(
            "aggregation 'clicks' of type longSum needs numbers, but column 'city' is STRING");
  }

  @Test
  void aSumThatDoesNotFitIsAnErrorAndNeverAWrongNumber() {
    RowSet large =
        rowSet(SampleRow.of(TEN, "clicks", Long.MAX_VALUE), SampleRow.of(TEN + 1, "clicks", 1L));

    assertThatThrownBy(() -> answer(timeseries("all", ""), control(), large))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage("the sum 'clicks' does not fit into 64 bits; use doubleSum instead of longSum");
  }

  @Test
  void aQueryThatTakesTooLongTimesOut() {
    AtomicInteger looks = new AtomicInteger();
    InstantSource clock = () -> NOW.plusMillis(10L * looks.getAndIncrement());
    QueryControl control =
        QueryControl.start(clock, QueryLimits.DEFAULT, new QueryContext(Map.of("timeout", 25)));

    assertThatThrownBy(() -> answer(timeseries("all", ""), control, manyRows(10_000)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
        .hasMessage(
            "the query took longer than its limit of 25 ms; ask for a shorter interval or set"
                + " context.timeout (at most 300000 ms here)");
  }

  @Test
  void aTimeoutAboveTheServersIsCutToIt() {
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(NOW),
            new QueryLimits(1000, Duration.ofSeconds(2)),
            new QueryContext(Map.of("timeout", 99_999_999)));

    assertThat(control.deadline()).isEqualTo(NOW.plusSeconds(2));
  }

  @Test
  void aCancelledQueryEnds() {
    QueryControl control = control();
    control.cancel();

    assertThatThrownBy(() -> answer(timeseries("all", ""), control, rows))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELED))
        .hasMessage("the query was cancelled");
  }

  @Test
  void tooManyGroupsAreRefusedWithTheLimit() {
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(NOW),
            new QueryLimits(100_000, Duration.ofMinutes(1)),
            QueryContext.EMPTY);

    assertThatThrownBy(
            () ->
                answer(
                    timeseries("all", ",'dimensions':['clicks']")
                        .replace("timeseries", "groupBy")
                        .replace("'name':'clicks'", "'name':'sum'"),
                    control,
                    manyRows(2_000)))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
        .hasMessageContaining(
            "needs more than its limit of 100000 bytes of memory; use fewer dimensions");
  }

  @Test
  void theMemoryOfAllScansAndMergesCountsTogetherAndIsGivenBack() {
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(NOW),
            new QueryLimits(400_000, Duration.ofMinutes(1)),
            QueryContext.EMPTY);
    AggregateQuery query =
        parse(
            timeseries("all", ",'dimensions':['clicks']")
                .replace("timeseries", "groupBy")
                .replace("'name':'clicks'", "'name':'sum'"));
    PartialMerger merger = new PartialMerger(query, control);
    for (int i = 0; i < 10; i++) {
      merger.add(QueryEngine.scan(query, manyRows(1_000), Interval.ETERNITY, control));
    }
    assertThat(merger.merged().groupCount()).isEqualTo(1_000);
    assertThat(control.usedBytes()).isBetween(50_000L, 150_000L);

    List<Partial> held = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 10; i++) {
                held.add(QueryEngine.scan(query, manyRows(1_000), Interval.ETERNITY, control));
              }
            })
        .hasMessageContaining("needs more than its limit of 400000 bytes");
    assertThat(held).hasSizeLessThan(6);
  }

  @Test
  void aTotalOverNothingIsOneRowOfAGroupByAsInDruid() {
    String groupBy = timeseries("all", ",'dimensions':[]").replace("timeseries", "groupBy");
    assertThat(answer(groupBy, control(), rowSet()))
        .isEqualTo(
            "[{'version':'v1','timestamp':'2026-11-20T10:00:00.000Z','event':"
                + "{'rows':0,'clicks':null,'revenue':null}}]");
    assertThat(answer(groupBy.replace("'all'", "'hour'"), control(), rowSet())).isEqualTo("[]");
    assertThat(answer(groupBy.replace("[]", "['city']"), control(), rowSet())).isEqualTo("[]");
    String never = groupBy.replace("'dimensions':[]", "'having':{'type':'never'}");
    assertThat(answer(never, control(), rowSet())).isEqualTo("[]");
  }

  @Test
  void bucketsOfATimeZoneAreWrittenWithItsOffset() {
    String kolkata = "{'type':'period','period':'P1D','timeZone':'Asia/Kolkata'}";
    String days = timeseries("x", "").replace("'x'", kolkata);
    assertThat(answer(days, control(), rowSet()))
        .contains("'timestamp':'2026-11-20T00:00:00.000+05:30'");
    assertThat(answer(days.replace("timeseries", "groupBy")))
        .contains("'timestamp':'2026-11-20T00:00:00.000+05:30'");
    String top =
        days.replace("timeseries", "topN")
            .replace(
                "'aggregations'",
                "'dimension':'city','threshold':2,'metric':'rows','aggregations'");
    assertThat(answer(top)).contains("'timestamp':'2026-11-20T00:00:00.000+05:30'");
  }

  @Test
  void anEmptyRowSetGivesNothing() {
    assertThat(answer(timeseries("hour", ""), control(), rowSet())).contains("'rows':0");
  }

  private static String timeseries(String granularity, String more) {
    return """
    {'queryType':'timeseries','dataSource':'ads','intervals':'2026-11-20T10/PT3H',
     'granularity':'%s','aggregations':[{'type':'count','name':'rows'},
     {'type':'longSum','name':'clicks','fieldName':'clicks'},
     {'type':'doubleSum','name':'revenue','fieldName':'revenue'}] %s}
    """
        .formatted(granularity, more);
  }

  private static RowSet manyRows(int count) {
    List<SampleRow> many = new ArrayList<>();
    LongStream.range(0, count).forEach(i -> many.add(SampleRow.of(TEN + i, "clicks", i)));
    return rowSet(many.toArray(SampleRow[]::new));
  }

  private static RowSet rowSet(SampleRow... rows) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("city", ColumnType.STRING);
    types.put("clicks", ColumnType.LONG);
    types.put("revenue", ColumnType.DOUBLE);
    return new ArrayRowSet(List.of(rows), types, true);
  }

  private static QueryControl control() {
    return QueryControl.start(InstantSource.fixed(NOW), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  private static AggregateQuery parse(String json) {
    return (AggregateQuery)
        QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private String answer(String json) {
    return answer(json, control(), rows);
  }

  /** The answer's JSON with ' for ", a row a line. */
  private static String answer(String json, QueryControl control, RowSet rows) {
    AggregateQuery query = parse(json);
    Partial partial = QueryEngine.scan(query, rows, Interval.ETERNITY, control);
    return json(ResultBuilder.finish(query, QueryEngine.merge(query, control, partial), control))
        .replace('"', '\'')
        .replace("}},{", "}},\n{");
  }

  private static String json(QueryResult result) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      result.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
