package io.starfire.serving.query.result;

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
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a topN query ranks, and how its answers look. */
class TopNTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final long HOUR = 3_600_000;

  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  private final List<RowSet> rows =
      List.of(
          rowSet(
              true,
              SampleRow.of(TEN, "city", "Ulm", "size", 2L, "clicks", 2L),
              SampleRow.of(TEN + 1, "city", null, "size", 10L, "clicks", 3L),
              SampleRow.of(TEN + 2, "city", "a10", "size", 9L, "clicks", 3L)),
          rowSet(
              false,
              SampleRow.of(TEN + 2 * HOUR, "city", "Ulm", "size", null, "clicks", 1L),
              SampleRow.of(TEN + 2 * HOUR, "city", "a9", "size", 2L, "clicks", 9L),
              SampleRow.of(TEN + 2 * HOUR, "city", "7", "size", 2L, "clicks", null)));

  @Test
  void ranksByTheAggregateOverAllRowSetsLargestFirst() {
    assertThat(answer("city", "'clicks'", 3))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T00:00:00.000Z','result':["
                + "{'city':'a9','clicks':9},{'city':null,'clicks':3},{'city':'Ulm','clicks':3}]}]");
  }

  @Test
  void tiesGoToTheSmallerDimensionValueAndNullsComeLast() {
    assertThat(ranked("'clicks'", 10)).isEqualTo("a9 null Ulm a10 7");
    assertThat(ranked("{'type':'numeric','metric':'clicks'}", 3)).isEqualTo("a9 null Ulm");
    assertThat(ranked("{'type':'inverted','metric':'clicks'}", 10)).isEqualTo("null Ulm a10 a9 7");
    assertThat(ranked("{'type':'inverted','metric':{'type':'inverted','metric':'clicks'}}", 1))
        .isEqualTo("a9");
  }

  @Test
  void ranksByTheDimensionsValueInEachOfDruidsOrders() {
    assertThat(ranked("{'type':'dimension'}", 10)).isEqualTo("null 7 Ulm a10 a9");
    assertThat(ranked("{'type':'lexicographic'}", 10)).isEqualTo("null 7 Ulm a10 a9");
    assertThat(ranked("{'type':'dimension','ordering':'alphanumeric'}", 10))
        .isEqualTo("null 7 Ulm a9 a10");
    assertThat(ranked("{'type':'dimension','ordering':'strlen'}", 10))
        .isEqualTo("null 7 a9 Ulm a10");
    assertThat(ranked("{'type':'dimension','ordering':'numeric'}", 10))
        .isEqualTo("null Ulm a10 a9 7");
    assertThat(ranked("{'type':'inverted','metric':{'type':'dimension'}}", 2)).isEqualTo("a9 a10");
  }

  @Test
  void goesOnAfterThePreviousStop() {
    assertThat(ranked("{'type':'dimension','previousStop':'7'}", 2)).isEqualTo("Ulm a10");
    assertThat(ranked("{'type':'dimension','ordering':'alphanumeric','previousStop':'a9'}", 9))
        .isEqualTo("a10");
    assertThat(ranked("{'type':'inverted','metric':{'type':'dimension','previousStop':'Ulm'}}", 9))
        .isEqualTo("7 null");
    assertThat(ranked("{'type':'dimension','previousStop':'zz'}", 9)).isEmpty();
  }

  @Test
  void eachTimeBucketHasItsOwnRankingAndEmptyOnesAreLeftOut() {
    String query = query("city", "'clicks'", 1).replace("'all'", "'hour'");
    assertThat(Answers.text(answer(query)))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:00:00.000Z','result':[{'city':null,'clicks':3}]},"
                + "{'timestamp':'2026-11-20T12:00:00.000Z','result':[{'city':'a9','clicks':9}]}]");
  }

  @Test
  void numbersAreRankedByValueIfTheQueryAsksForThem() {
    String size = "{'type':'default','dimension':'size','outputName':'s','outputType':'LONG'}";
    String query =
        query("city", "{'type':'dimension','ordering':'numeric'}", 3).replace("'city'", size);
    assertThat(Answers.text(answer(query)))
        .contains("[{'s':null,'clicks':1},{'s':2,'clicks':11},{'s':9,'clicks':3}]");
    assertThat(Answers.text(answer(query.replace("numeric", "lexicographic"))))
        .contains("[{'s':null,'clicks':1},{'s':10,'clicks':3},{'s':2,'clicks':11}]");
  }

  @Test
  void noRowsGiveNoBuckets() {
    assertThat(Answers.text(answer(query("city", "'clicks'", 3).replace("-20", "-22"))))
        .isEqualTo("[]");
  }

  @Test
  void aThresholdOfTwoBillionAnswersWithWhatThereIs() {
    assertThat(ranked("'clicks'", Integer.MAX_VALUE)).isEqualTo("a9 null Ulm a10 7");
  }

  @Test
  void mistakesGetASentence() {
    assertRefused(query("city", "'clicks'", 0), "threshold must be from 1 to 2147483647, got 0");
    assertRefused(
        query("city", "'clicks'", 1).replace("'threshold':1", "'threshold':10000000000"),
        "threshold must be from 1 to 2147483647, got 10000000000");
    assertRefused(
        query("city", "'clicks'", 1).replace("'threshold':1", "'threshold':1e99"),
        "threshold must be from 1 to 2147483647, got 1.0E99");
    assertRefused(
        query("city", "'clicks'", 1).replace("'threshold':1", "'threshold':1.5"),
        "threshold must be a whole number, got 1.5");
    assertRefused(
        query("city", "'clicks'", 1).replace(",'threshold':1", ""), "threshold is missing");
    assertRefused(
        query("city", "'click'", 1),
        "metric 'click' is not computed by the query; it computes clicks");
    assertRefused(
        query("city", "{'type':'dimension','ordering':'random'}", 1),
        "metric.ordering 'random' is not known; use one of lexicographic, alphanumeric, strlen,"
            + " numeric");
    assertRefused(
        query("city", "{'type':'best'}", 1),
        "metric.type 'best' is not known; use one of alphaNumeric, dimension, inverted,"
            + " lexicographic, numeric");
    assertRefused(
        query("city", "{'type':'numeric','metric':'clicks','order':1}", 1),
        "metric.order is not a field of a metric of type numeric; its fields are type, metric");
  }

  private static void assertRefused(String query, String message) {
    assertThatThrownBy(() -> Answers.parse(query))
        .isInstanceOf(StarfireException.class)
        .hasMessage(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private static String query(String dimension, String metric, int threshold) {
    return """
    {'queryType':'topN','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',
     'dimension':'%s','metric':%s,'threshold':%d,
     'aggregations':[{'type':'longSum','name':'clicks','fieldName':'clicks'}],
     'context':{'useCache':false,'minTopNThreshold':300000}}\
    """
        .formatted(dimension, metric, threshold);
  }

  private String answer(String dimension, String metric, int threshold) {
    return Answers.text(answer(query(dimension, metric, threshold)));
  }

  private String ranked(String metric, int threshold) {
    List<String> values = new ArrayList<>();
    for (ResultRow row : answer(query("city", metric, threshold)).rows()) {
      values.add(String.valueOf(row.values().get(0)));
    }
    return String.join(" ", values);
  }

  private QueryResult answer(String json) {
    AggregateQuery query = (AggregateQuery) Answers.parse(json);
    List<Partial> partials = new ArrayList<>();
    rows.forEach(
        rowSet -> partials.add(QueryEngine.scan(query, rowSet, Interval.ETERNITY, control)));
    return ResultBuilder.finish(query, QueryEngine.merge(query, partials, control), control);
  }

  private static RowSet rowSet(boolean stored, SampleRow... rows) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("city", ColumnType.STRING);
    types.put("size", ColumnType.LONG);
    types.put("clicks", ColumnType.LONG);
    return new ArrayRowSet(List.of(rows), types, stored);
  }
}
