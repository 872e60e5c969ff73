package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.filter.FilterCompiler;
import io.starfire.serving.query.filter.RowSelector;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What filters, aggregations, post-aggregations, havings and limitSpecs say, by example. */
class QueryPartsTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final long HOUR = 3_600_000;

  private final RowSet rows =
      rowSet(
          SampleRow.of(TEN, "city", "Ulm", "clicks", 2L, "revenue", 0.25),
          SampleRow.of(TEN, "city", "Aalen", "clicks", 9L, "revenue", 4.0),
          SampleRow.of(TEN + 1, "city", null, "clicks", 3L, "revenue", null),
          SampleRow.of(TEN + HOUR, "city", "Bonn", "clicks", null, "revenue", 0.5),
          SampleRow.of(TEN + HOUR + 1, "city", "Ulm", "clicks", 1L, "revenue", 1.0));

  @Test
  void filtersChooseRows() {
    assertThat(
            cities(
                "{'type':'equals','column':'city','matchValueType':'STRING','matchValue':'Ulm'}"))
        .isEqualTo("Ulm,Ulm");
    assertThat(cities("{'type':'equals','column':'clicks','matchValueType':'LONG','matchValue':9}"))
        .isEqualTo("Aalen");
    assertThat(cities("{'type':'null','column':'city'}")).isEqualTo("null");
    assertThat(
            cities(
                "{'type':'range','column':'city','matchValueType':'STRING','lower':'Aalen','lowerOpen':true}"))
        .isEqualTo("Ulm,Bonn,Ulm");
    assertThat(
            cities(
                "{'type':'range','column':'revenue','matchValueType':'DOUBLE','lower':0.5,'upper':4.0,'upperOpen':true}"))
        .isEqualTo("Bonn,Ulm");
    assertThat(cities("{'type':'like','dimension':'city','pattern':'_%n'}"))
        .isEqualTo("Aalen,Bonn");
    assertThat(cities("{'type':'like','dimension':'city','pattern':'U%'}")).isEqualTo("Ulm,Ulm");
    assertThat(cities("{'type':'not','field':{'type':'like','dimension':'city','pattern':'%n'}}"))
        .isEqualTo("Ulm,Ulm");
    assertThat(cities("{'type':'regex','dimension':'city','pattern':'a|l'}"))
        .isEqualTo("Ulm,Aalen,Ulm");
    assertThat(
            cities(
                "{'type':'interval','dimension':'__time','intervals':['2026-11-20T11/PT0.001S','2026-11-20T09/PT1H']}"))
        .isEqualTo("Bonn");
    assertThat(cities("{'type':'true'}")).isEqualTo("Ulm,Aalen,null,Bonn,Ulm");
    assertThat(cities("{'type':'false'}")).isEmpty();
  }

  @Test
  void firstAndLastTakeTheRowOfTheirTimeAndAmongEqualTimesTheSmallestOrLargest() {
    assertThat(
            answer(
                timeseries(
                    """
                    {'type':'stringFirst','name':'first','fieldName':'city'},
                    {'type':'stringLast','name':'last','fieldName':'city','maxStringBytes':2},
                    {'type':'longFirst','name':'firstClicks','fieldName':'clicks'},
                    {'type':'doubleLast','name':'lastRevenue','fieldName':'revenue'},
                    {'type':'longLast','name':'byClicks','fieldName':'clicks','timeColumn':'clicks'},
                    {'type':'filtered','name':'tenOClock','filter':
                      {'type':'interval','dimension':'__time','intervals':['2026-11-20T10/PT1H']},
                     'aggregator':{'type':'doubleLast','fieldName':'revenue'}}
                    """)))
        .contains(
            "{'first':'Aalen','last':'Ul','firstClicks':2,'lastRevenue':1.0,'byClicks':9,'tenOClock':null}");
  }

  @Test
  void meansFiltersAndFloatsAreComputed() {
    assertThat(
            answer(
                timeseries(
                    """
                    {'type':'doubleMean','name':'mean','fieldName':'clicks'},
                    {'type':'floatSum','name':'sum','fieldName':'revenue'},
                    {'type':'filtered','filter':{'type':'selector','dimension':'city','value':'Ulm'},
                     'aggregator':{'type':'count','name':'ulm'}},
                    {'type':'filtered','filter':{'type':'selector','dimension':'city','value':'Rome'},
                     'aggregator':{'type':'longMax','name':'rome','fieldName':'clicks'}}
                    """)))
        .contains("{'mean':3.75,'sum':5.75,'ulm':2,'rome':null}");
  }

  @Test
  void aSumMayLeave64BitsOnTheWayButNotAtItsEnd() {
    RowSet extremes =
        rowSet(
            SampleRow.of(TEN, "clicks", Long.MAX_VALUE),
            SampleRow.of(TEN, "clicks", Long.MAX_VALUE),
            SampleRow.of(TEN, "clicks", Long.MIN_VALUE),
            SampleRow.of(TEN, "clicks", Long.MIN_VALUE),
            SampleRow.of(TEN, "clicks", Long.MIN_VALUE),
            SampleRow.of(TEN, "clicks", 10L),
            SampleRow.of(TEN, "clicks", Long.MAX_VALUE));
    String query = timeseries("{'type':'longSum','name':'sum','fieldName':'clicks'}");

    assertThat(answer(query, extremes)).contains("{'sum':7}");
    assertThat(answer(query, extremes, rowSet(SampleRow.of(TEN, "clicks", -8L))))
        .contains("{'sum':-1}");
    assertThatThrownBy(
            () -> answer(query, extremes, rowSet(SampleRow.of(TEN, "clicks", Long.MAX_VALUE))))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage("the sum 'sum' does not fit into 64 bits; use doubleSum instead of longSum");
  }

  @Test
  void postAggregationsCalculateAndPassNullsOn() {
    assertThat(
            answer(
                timeseries(
                    "{'type':'longSum','name':'clicks','fieldName':'clicks'},{'type':'doubleSum','name':'none','fieldName':'absent'}",
                    """
                    ,'postAggregations':[
                      {'type':'arithmetic','name':'half','fn':'/','fields':[
                        {'type':'fieldAccess','fieldName':'clicks'},{'type':'constant','value':2}]},
                      {'type':'arithmetic','name':'byZero','fn':'/','fields':[
                        {'type':'finalizingFieldAccess','fieldName':'half'},{'type':'constant','value':0}]},
                      {'type':'arithmetic','name':'quotient','fn':'quotient','fields':[
                        {'type':'constant','value':1},{'type':'constant','value':0}]},
                      {'type':'arithmetic','name':'power','fn':'pow','fields':[
                        {'type':'constant','value':2},{'type':'constant','value':10}]},
                      {'type':'arithmetic','name':'unknown','fn':'-','fields':[
                        {'type':'fieldAccess','fieldName':'none'},{'type':'constant','value':1}]},
                      {'type':'constant','name':'ten','value':10}]
                    """)))
        .contains(
            "{'clicks':15,'none':null,'half':7.5,'byZero':0.0,'quotient':'Infinity','power':1024.0,'unknown':null,'ten':10}");
  }

  @Test
  void aGroupByKeepsWhatItsHavingSaysAndOrdersAndLimits() {
    String query =
        groupBy(
            """
            ,'having':{'type':'or','havingSpecs':[
               {'type':'greaterThan','aggregation':'clicks','value':2.5},
               {'type':'dimSelector','dimension':'city','value':'Bonn'}]},
             'limitSpec':{'type':'default','limit':1000000000,'offset':1,'columns':[
               {'dimension':'clicks','direction':'descending'},'city']}
            """);

    assertThat(answer(query))
        .isEqualTo(
            """
            [{'version':'v1','timestamp':'2026-11-20T00:00:00.000Z','event':{'city':null,'clicks':3}},\
            {'version':'v1','timestamp':'2026-11-20T00:00:00.000Z','event':{'city':'Ulm','clicks':3}},\
            {'version':'v1','timestamp':'2026-11-20T00:00:00.000Z','event':{'city':'Bonn','clicks':null}}]\
            """);
  }

  @Test
  void aShortLimitGivesTheSameRowsAsAFullSort() {
    List<SampleRow> many = new ArrayList<>();
    for (long i = 0; i < 5_000; i++) {
      many.add(SampleRow.of(TEN + i, "city", "c" + i * 7919 % 1000, "clicks", i * 31 % 97));
    }
    RowSet manyRows = rowSet(many.toArray(SampleRow[]::new));
    String order = "'columns':[{'dimension':'clicks','direction':'descending'}]";
    String all = answer(groupBy(",'limitSpec':{'type':'default'," + order + "}"), manyRows);

    String five =
        answer(
            groupBy(",'limitSpec':{'type':'default','limit':5,'offset':3," + order + "}"),
            manyRows);

    assertThat(five.split("},")).hasSize(5);
    assertThat(all).contains(five.substring(1, five.length() - 1));
  }

  @Test
  void aGroupByCanGiveArraysAndATimeseriesItsTimeAgain() {
    assertThat(
            answer(
                groupBy(
                    ",'context':{'resultAsArray':true},'limitSpec':{'type':'default','limit':1}")))
        .isEqualTo("[[null,3]]");
    assertThat(
            answer(
                groupBy(
                        ",'context':{'resultAsArray':true},'limitSpec':{'type':'default','limit':1}")
                    .replace("'all'", "'hour'")))
        .isEqualTo("[[" + TEN + ",null,3]]");
    assertThat(
            answer(
                timeseries(
                    "{'type':'count','name':'rows'}",
                    ",'context':{'timestampResultField':'at','grandTotal':true}")))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T00:00:00.000Z','result':{'rows':5,'at':"
                + Times.parse("2026-11-20")
                + "}},{'timestamp':null,'result':{'rows':5,'at':null}}]");
  }

  @Test
  void tooManyBucketsAreRefused() {
    assertThatThrownBy(
            () ->
                answer(
                    timeseries("{'type':'count','name':'rows'}")
                        .replace("2026-11-20/P1D", "2000/2030")
                        .replace("'all'", "{'type':'period','period':'PT1M'}")))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
        .hasMessageContaining(
            "have more than 1,000,000 buckets of granularity period PT1M in Z; use");
  }

  @Test
  void whatDoesNotFitTogetherIsRefusedWithASentence() {
    assertRefused(
        timeseries("{'type':'longFirst','name':'x','fieldName':'city'}"),
        "aggregation 'x' of type longFirst needs numbers, but column 'city' is STRING");
    assertRefused(
        timeseries("{'type':'stringLast','name':'x','fieldName':'clicks'}"),
        "aggregation 'x' of type stringLast needs text, but column 'clicks' is a number; use"
            + " longLast or doubleLast");
    assertRefused(
        timeseries("{'type':'longLast','name':'x','fieldName':'clicks','timeColumn':'city'}"),
        "needs times as LONG, but its timeColumn 'city' is STRING");
    assertRefused(
        timeseries("{'type':'filtered','filter':{'type':'true'},'aggregator':{'type':'count'}}"),
        "aggregations[0].aggregator.name is missing");
    assertRefused(
        timeseries(
            "{'type':'count','name':'x'}",
            ",'postAggregations':[{'type':'fieldAccess','name':'y','fieldName':'z'}]"),
        "the post-aggregation 'y' reads 'z', which is not an output before it; those are x");
    assertRefused(
        timeseries(
            "{'type':'stringFirst','name':'x','fieldName':'city'}",
            ",'postAggregations':[{'type':'arithmetic','name':'y','fn':'+','fields':[{'type':'fieldAccess','fieldName':'x'},{'type':'constant','value':1}]}]"),
        "the arithmetic post-aggregation 'y' calculates with 'x', which is text");
    assertRefused(
        timeseries(
            "{'type':'count','name':'x'}",
            ",'postAggregations':[{'type':'arithmetic','name':'y','fn':'mod','fields':[]}]"),
        "postAggregations[0].fn 'mod' is not known; use one of +, -, *, /, quotient, pow");
    assertRefused(
        groupBy(",'having':{'type':'greaterThan','aggregation':'klicks','value':1}"),
        "having names 'klicks', which is not an output of the query; those are city, clicks");
    assertRefused(
        groupBy(",'having':{'type':'equalTo','aggregation':'clicks','value':'many'}"),
        "having.value must be a number, got \"many\"");
    assertRefused(
        groupBy(",'limitSpec':{'type':'default','columns':['klicks']}"),
        "limitSpec.columns names 'klicks', which is not an output of the query; those are city,"
            + " clicks");
    assertRefused(
        groupBy(",'limitSpec':{'type':'default','limit':0}"),
        "limitSpec.limit must be from 1 to 2147483647, got 0");
    assertRefused(
        groupBy(
            ",'limitSpec':{'type':'default','columns':[{'dimension':'city','direction':'up'}]}"),
        "limitSpec.columns[0].direction 'up' is not known; use ascending or descending");
    assertRefused(
        filtered("{'type':'like','dimension':'city','pattern':'a!','escape':'!'}"),
        "the pattern 'a!' of the like filter on 'city' ends with its escape character '!'");
    assertRefused(
        filtered("{'type':'equals','column':'city','matchValueType':'LONG','matchValue':'x'}"),
        "filter.matchValue must be a number of type LONG as matchValueType says, got 'x'");
    assertRefused(
        filtered("{'type':'equals','column':'city','matchValueType':'STRING'}"),
        "filter.matchValue is missing; to ask for nulls use a filter of type null");
    assertRefused(
        filtered("{'type':'range','column':'clicks','matchValueType':'STRING','lower':'x'}"),
        "the bound filter on 'clicks' is numeric, but its lower end 'x' is not a number");
    assertRefused(
        filtered("{'type':'interval','dimension':'__time','intervals':[]}"),
        "filter.intervals must name at least one interval, got none");
  }

  private void assertRefused(String query, String message) {
    assertThatThrownBy(() -> answer(query))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(message);
  }

  /** The cities of the rows that a filter matches, in order of the rows. */
  private String cities(String filter) {
    AggregateQuery query = (AggregateQuery) Answers.parse(filtered(filter));
    RowSelector selector =
        new RowSelector(
            new FilterCompiler(rows, control()), query.filter(), List.of(Interval.ETERNITY));
    int[] chosen = new int[RowSet.BLOCK_ROWS];
    int count = selector.select(0, rows.rowCount(), chosen);
    List<String> cities = new ArrayList<>();
    var city = (StringColumn) rows.column("city");
    for (int i = 0; i < count; i++) {
      cities.add(String.valueOf(city.value(city.readValues(chosen[i])[0])));
    }
    return String.join(",", cities);
  }

  private static String filtered(String filter) {
    return timeseries("{'type':'count','name':'rows'}", ",'filter':" + filter);
  }

  private static String timeseries(String aggregations) {
    return timeseries(aggregations, "");
  }

  private static String timeseries(String aggregations, String more) {
    return """
    {'queryType':'timeseries','dataSource':'ads','intervals':'2026-11-20/P1D',
     'granularity':'all','aggregations':[%s] %s}
    """
        .formatted(aggregations, more);
  }

  private static String groupBy(String more) {
    return """
    {'queryType':'groupBy','dataSource':'ads','intervals':'2026-11-20/P1D',
     'granularity':'all','dimensions':['city'],
     'aggregations':[{'type':'longSum','name':'clicks','fieldName':'clicks'}] %s}
    """
        .formatted(more);
  }

  private static RowSet rowSet(SampleRow... rows) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("city", ColumnType.STRING);
    types.put("clicks", ColumnType.LONG);
    types.put("revenue", ColumnType.DOUBLE);
    return new ArrayRowSet(List.of(rows), types, true);
  }

  private static QueryControl control() {
    return QueryControl.start(
        InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  private String answer(String json) {
    return answer(json, rows);
  }

  private static String answer(String json, RowSet... rowSets) {
    AggregateQuery query = (AggregateQuery) Answers.parse(json);
    List<Partial> partials = new ArrayList<>();
    for (RowSet rows : rowSets) {
      partials.add(QueryEngine.scan(query, rows, Interval.ETERNITY, control()));
    }
    Partial merged = QueryEngine.merge(query, partials, control());
    return Answers.text(ResultBuilder.finish(query, merged, control()));
  }
}
