package io.starfire.serving.query.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the rows of a scan look like, and in which order they come. */
class ScanTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final Map<String, ColumnType> COLUMNS = columns();

  private static Map<String, ColumnType> columns() {
    Map<String, ColumnType> columns = new LinkedHashMap<>();
    columns.put("__time", ColumnType.LONG);
    columns.put("city", ColumnType.STRING);
    columns.put("tags", ColumnType.STRING);
    columns.put("clicks", ColumnType.LONG);
    columns.put("revenue", ColumnType.DOUBLE);
    return columns;
  }

  private final List<RowSource> sources =
      List.of(
          source(
              "stored",
              true,
              row(TEN, "Ulm", Arrays.asList("a", null), 2L, 0.5),
              row(TEN + 20, null, null, null, null)),
          source(
              "live",
              false,
              row(TEN + 30, "Köln\\", List.of("b"), 3L, Double.NaN),
              row(TEN + 10, "Bonn", List.of(), 4L, -0.25)));

  @Test
  void eachBatchIsOfOneSegmentWithColumnsEventsAndTheirTypes() {
    assertThat(answer(scan("")))
        .isEqualTo(
            "[{'segmentId':'stored','columns':['__time','city','tags','clicks','revenue'],"
                + "'events':[{'__time':1795168800000,'city':'Ulm','tags':['a',null],'clicks':2,'revenue':0.5},"
                + "{'__time':1795168800020,'city':null,'tags':null,'clicks':null,'revenue':null}],"
                + "'rowSignature':[{'name':'__time','type':'LONG'},{'name':'city','type':'STRING'},"
                + "{'name':'tags','type':'STRING'},{'name':'clicks','type':'LONG'},"
                + "{'name':'revenue','type':'DOUBLE'}]},"
                + "{'segmentId':'live','columns':['__time','city','tags','clicks','revenue'],"
                + "'events':[{'__time':1795168800030,'city':'Köln\\u005c','tags':'b','clicks':3,'revenue':'NaN'},"
                + "{'__time':1795168800010,'city':'Bonn','tags':null,'clicks':4,'revenue':-0.25}],"
                + "'rowSignature':[{'name':'__time','type':'LONG'},{'name':'city','type':'STRING'},"
                + "{'name':'tags','type':'STRING'},{'name':'clicks','type':'LONG'},"
                + "{'name':'revenue','type':'DOUBLE'}]}]");
  }

  @Test
  void aCompactedListHasArraysInTheOrderOfTheColumns() {
    assertThat(
            answer(scan(",'resultFormat':'compactedList','columns':['clicks','__time'],'limit':1")))
        .isEqualTo(
            "[{'segmentId':'stored','columns':['clicks','__time'],'events':[[2,1795168800000]],"
                + "'rowSignature':[{'name':'clicks','type':'LONG'},{'name':'__time','type':'LONG'}]}]");
  }

  @Test
  void orderedByTimeRowsOfAllSourcesAreMerged() {
    assertThat(times(",'order':'ascending'")).isEqualTo("0 10 20 30");
    assertThat(times(",'order':'descending'")).isEqualTo("30 20 10 0");
    assertThat(times(",'order':'none'")).isEqualTo("0 20 30 10");
    assertThat(answer(scan(",'order':'ascending','columns':['city']")))
        .startsWith(
            "[{'segmentId':null,'columns':['city'],'events':[{'city':'Ulm'},{'city':'Bonn'}");
  }

  @Test
  void offsetAndLimitCountInTheOrderOfTheAnswer() {
    assertThat(times(",'order':'ascending','offset':1,'limit':2")).isEqualTo("10 20");
    assertThat(times(",'offset':3")).isEqualTo("10");
    assertThat(answer(scan(",'offset':4"))).isEqualTo("[]");
    assertThat(answer(scan(",'offset':9223372036854775807"))).isEqualTo("[]");
    assertThat(times(",'limit':0")).isEqualTo("0 20 30 10");
  }

  @Test
  void aLimitOfABillionAnswersWithWhatThereIs() {
    assertThat(times(",'limit':1000000000,'batchSize':2147483647")).isEqualTo("0 20 30 10");
    assertThat(times(",'limit':1e9,'order':'ascending'")).isEqualTo("0 10 20 30");
  }

  @Test
  void aBatchHoldsAsManyRowsAsItsSizeSays() {
    String batch =
        "{'segmentId':%s,'columns':['clicks'],'events':[%s],"
            + "'rowSignature':[{'name':'clicks','type':'LONG'}]}";
    assertThat(answer(scan(",'batchSize':3,'columns':['clicks'],'order':'descending'")))
        .isEqualTo(
            "[%s,%s]",
            batch.formatted(null, "{'clicks':3},{'clicks':null},{'clicks':4}"),
            batch.formatted(null, "{'clicks':2}"));
  }

  @Test
  void filtersAndIntervalsChooseRows() {
    assertThat(
            times(
                ",'filter':{'type':'selector','dimension':'city','value':'Bonn'},'order':'descending'"))
        .isEqualTo("10");
    assertThat(
            times(
                ",'order':'descending','intervals':['2026-11-20T10:00:00.000/2026-11-20T10:00:00.010',"
                    + "'2026-11-20T10:00:00.020/2026-11-20T10:00:00.030']"))
        .isEqualTo("20 0");
  }

  @Test
  void manyRowsInSeveralBlocksComeInOrderBothWays() {
    List<SampleRow> stored = new ArrayList<>();
    List<SampleRow> live = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      stored.add(row(TEN + 2L * i, "c" + i % 7, null, (long) i, null));
      live.add(row(TEN + 2L * ((i * 1999) % 3000) + 1, "c", null, (long) i, null));
    }
    List<RowSource> many =
        List.of(
            source("a", true, stored.toArray(SampleRow[]::new)),
            source("b", false, live.toArray(SampleRow[]::new)));
    List<String> expected = new ArrayList<>();
    for (int i = 1; i < 6000; i++) {
      expected.add(Integer.toString(i));
    }
    String text = times(many, ",'order':'ascending','offset':1");
    assertThat(text).isEqualTo(String.join(" ", expected));
    Collections.reverse(expected);
    assertThat(times(many, ",'order':'descending','limit':5999"))
        .isEqualTo(String.join(" ", expected));
    assertThat(
            times(
                many,
                ",'order':'descending','filter':{'type':'selector','dimension':'city','value':'c3'},'limit':3"))
        .isEqualTo("5998 5984 5970");
  }

  @Test
  void orderingThatNeedsTooMuchMemoryIsRefusedAndNothingElseIs() {
    List<SampleRow> rows = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      rows.add(row(TEN + i, null, null, 1L, null));
    }
    List<RowSource> live = List.of(source("live", false, rows.toArray(SampleRow[]::new)));
    QueryControl small =
        QueryControl.start(
            InstantSource.system(),
            new QueryLimits(1_000_000, Duration.ofMinutes(1)),
            QueryContext.EMPTY);
    assertThatThrownBy(() -> write(scan(",'order':'ascending','limit':1000000000"), live, small))
        .isInstanceOf(StarfireException.class)
        .hasMessage(
            "the query needs more than its limit of 1000000 bytes of memory; to order the rows of a"
                + " scan by time, use a shorter interval, fewer columns, a filter or order none");
    write(scan(",'limit':1000000000"), live, small);
  }

  @Test
  void aScanThatIsCancelledEndsWhileItIsWritten() {
    QueryControl canceled = control();
    canceled.cancel();
    assertThatThrownBy(() -> write(scan(""), sources, canceled))
        .hasMessage("stored: the query was cancelled");
  }

  @Test
  void mistakesGetASentence() {
    assertRefused(scan(",'limit':-1"), "limit must be from 0 to 9223372036854775807, got -1");
    assertRefused(
        scan(",'limit':99999999999999999999"),
        "limit must be from 0 to 9223372036854775807, got 99999999999999999999");
    assertRefused(scan(",'limit':'many'"), "limit must be a whole number, got \"many\"");
    assertRefused(scan(",'batchSize':0"), "batchSize must be from 1 to 2147483647, got 0");
    assertRefused(
        scan(",'order':'random'"),
        "order 'random' is not known; use ascending, descending or none");
    assertRefused(scan(",'columns':['a','a']"), "columns names 'a' twice; name it once");
    assertRefused(scan(",'columns':[1]"), "columns[0] must be a string, got 1");
    assertRefused(
        scan(",'resultFormat':'csv'"),
        "resultFormat 'csv' is not known; use one of compactedList, list");
    assertThatThrownBy(() -> Answers.parse(scan(",'resultFormat':'valueVector'")))
        .hasMessageContaining("is not supported in this version");
    assertThatThrownBy(() -> Answers.parse(scan(",'legacy':true")))
        .hasMessageContaining("legacy scans are not supported");
    assertThat(Answers.parse(scan(",'legacy':false"))).isInstanceOf(ScanQuery.class);
  }

  private static void assertRefused(String query, String message) {
    assertThatThrownBy(() -> Answers.parse(query))
        .isInstanceOf(StarfireException.class)
        .hasMessage(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private static String scan(String more) {
    String intervals = more.contains("intervals") ? "" : ",'intervals':['2026-11-20/P1D']";
    return "{'queryType':'scan','dataSource':'ads'" + intervals + more + "}";
  }

  private static QueryControl control() {
    return QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  private String answer(String json) {
    return Answers.text(scanAnswer(json, sources, control()));
  }

  private static ScanAnswer scanAnswer(String json, List<RowSource> sources, QueryControl control) {
    return new ScanAnswer(
        (ScanQuery) Answers.parse(json),
        COLUMNS,
        sources,
        control,
        (source, e) ->
            e.code() == ErrorCode.CANCELED
                ? new StarfireException(e.code(), source.id() + ": " + e.getMessage(), e)
                : e);
  }

  private static void write(String json, List<RowSource> sources, QueryControl control) {
    try {
      scanAnswer(json, sources, control).writeTo(OutputStream.nullOutputStream(), true);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String times(String more) {
    return times(sources, more);
  }

  /** Milliseconds after ten o'clock, in the order of the answer. */
  private static String times(List<RowSource> sources, String more) {
    String json =
        Answers.text(
            scanAnswer(
                scan(more + ",'resultFormat':'compactedList','columns':['__time']"),
                sources,
                control()));
    List<String> times = new ArrayList<>();
    Matcher matcher = Pattern.compile("\\[([0-9]+)\\]").matcher(json);
    while (matcher.find()) {
      times.add(Long.toString(Long.parseLong(matcher.group(1)) - TEN));
    }
    return String.join(" ", times);
  }

  private static SampleRow row(
      long time, String city, List<String> tags, Long clicks, Double revenue) {
    return SampleRow.of(time, "city", city, "tags", tags, "clicks", clicks, "revenue", revenue);
  }

  private static RowSource source(String id, boolean stored, SampleRow... rows) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("city", ColumnType.STRING);
    types.put("tags", ColumnType.STRING);
    types.put("clicks", ColumnType.LONG);
    types.put("revenue", ColumnType.DOUBLE);
    RowSet rowSet = new ArrayRowSet(List.of(rows), types, stored);
    return new RowSource(id, Granularity.HOUR.bucket(TEN), rowSet, List.of(Interval.ETERNITY));
  }
}
