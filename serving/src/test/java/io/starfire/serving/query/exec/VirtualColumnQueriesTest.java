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
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.ArrayRowSet;
import io.starfire.serving.query.sample.SampleRow;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Queries over columns that they compute: virtual columns, extraction functions, expressions. */
class VirtualColumnQueriesTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final long HOUR = 3_600_000;

  private final List<SampleRow> rows =
      List.of(
          SampleRow.of(TEN, "city", "Ulm", "from", "Ulm", "tags", List.of("x", "y"), "n", 2L),
          SampleRow.of(TEN, "city", "Aalen", "from", "Ulm", "tags", List.of("y"), "n", 9L),
          SampleRow.of(TEN + HOUR, "city", null, "from", null, "tags", List.of(), "n", 3L),
          SampleRow.of(
              TEN + 2 * HOUR, "city", "ulm", "from", "Bonn", "tags", List.of("z"), "n", null));

  @Test
  void aVirtualColumnIsADimensionAnInputAndACondition() {
    String virtual =
        "'virtualColumns':[{'type':'expression','name':'low','expression':'lower(city)'},"
            + "{'type':'expression','name':'twice','expression':'n * 2','outputType':'LONG'}],";
    check(
        groupBy(virtual + "'dimensions':['low'],", "longSum", "'fieldName':'twice'"),
        "null=6 aalen=18 ulm=4");
    check(
        groupBy(
            virtual + "'dimensions':[{'type':'default','dimension':'twice','outputType':'LONG'}],",
            "longMax",
            "'fieldName':'twice'"),
        "null=null 4=4 6=6 18=18");
    check(
        groupBy(
            virtual
                + "'dimensions':['low'],'filter':{'type':'selector','dimension':'low','value':'ulm'},",
            "count",
            ""),
        "ulm=2");
    check(
        groupBy(
            virtual
                + "'dimensions':['low'],'filter':{'type':'bound','dimension':'twice','lower':'5','ordering':'numeric'},",
            "count",
            ""),
        "null=1 aalen=1");
  }

  @Test
  void filtersTakeExpressionsAndCompareColumns() {
    check(byCity("{'type':'expression','expression':'n > 2'}"), "null=1 Aalen=1");
    // Unknown where n is null, also turned round.
    check(byCity("{'type':'not','field':{'type':'expression','expression':'n > 2'}}"), "Ulm=1");
    check(
        byCity("{'type':'expression','expression':'concat(city, from) == \\u0027UlmUlm\\u0027'}"),
        "Ulm=1");
    check(byCity("{'type':'columnComparison','dimensions':['city','from']}"), "null=1 Ulm=1");
    check(
        byCity(
            "{'type':'columnComparison','dimensions':['from',{'type':'extraction','dimension':'city',"
                + "'extractionFn':{'type':'cascade','extractionFns':[{'type':'substring','index':0,'length':1},"
                + "{'type':'lookup','lookup':{'type':'map','map':{'u':'Bonn'}}}]}}]}"),
        "null=1 ulm=1");
    check(
        byCity(
            "{'type':'selector','dimension':'city','value':'ulm','extractionFn':{'type':'lower'}}"),
        "Ulm=1 ulm=1");
    check(
        byCity(
            "{'type':'not','field':{'type':'in','dimension':'n','values':['1'],'extractionFn':{'type':'strlen'}}}"),
        "");
    check(
        byCity(
            "{'type':'arrayContainsElement','column':'tags','elementMatchValueType':'STRING','elementMatchValue':'y'}"),
        "Aalen=1 Ulm=1");
  }

  @Test
  void aggregatorsAndPostAggregatorsTakeExpressions() {
    assertThat(
            answer(
                """
                {'queryType':'timeseries','dataSource':'ads','intervals':'2026-11-20/P1D','granularity':'all',
                 'aggregations':[
                   {'type':'longSum','name':'sum','expression':'n + 1'},
                   {'type':'doubleMax','name':'half','expression':'n / 2.0'},
                   {'type':'stringLast','name':'last','expression':'upper(city)'},
                   {'type':'longAny','name':'any','expression':'strlen(from)'},
                   {'type':'filtered','filter':{'type':'expression','expression':'strlen(city) == 3'},
                    'aggregator':{'type':'count','name':'three'}}],
                 'postAggregations':[
                   {'type':'expression','name':'text','expression':'concat(last, three, sum)'},
                   {'type':'expression','name':'less','expression':'sum / 2 - half'}]}
                """,
                true))
        .contains(
            "{'sum':17,'half':4.5,'last':'ULM','any':4,'three':2,'text':'ULM217','less':3.5}");
    assertThatThrownBy(
            () ->
                parse(
                    """
                    {'queryType':'timeseries','dataSource':'ads','intervals':'2026-11-20/P1D','granularity':'all',
                     'postAggregations':[{'type':'expression','name':'a','expression':'b + 1'}]}
                    """))
        .hasMessageContaining(
            "the post-aggregation 'a' reads 'b', which is not an output before it");
  }

  @Test
  void dimensionsAreExtractedAndFiltered() {
    check(extracted("city", "{'type':'regex','expr':'^(.)l'}"), "null=1 Aalen=1 U=1 u=1");
    check(
        extracted(
            "city",
            "{'type':'regex','expr':'^(.)l','replaceMissingValue':true,'replaceMissingValueWith':'?'}"),
        "?=2 U=1 u=1");
    check(extracted("city", "{'type':'partial','expr':'l'}"), "null=1 Aalen=1 Ulm=1 ulm=1");
    check(extracted("city", "{'type':'substring','index':3}"), "null=3 en=1");
    check(extracted("city", "{'type':'strlen'}"), "null=1 3=2 5=1");
    check(extracted("city", "{'type':'upper'}"), "null=1 AALEN=1 ULM=2");
    check(
        extracted("city", "{'type':'stringFormat','format':'<%s>'}"),
        "<Aalen>=1 <Ulm>=1 <null>=1 <ulm>=1");
    check(extracted("n", "{'type':'bucket','size':5}"), "null=1 0=2 5=1");
    check(
        extracted(
            "city",
            "{'type':'searchQuery','query':{'type':'contains','value':'U','caseSensitive':true}}"),
        "null=3 Ulm=1");
    check(
        extracted(
            "city",
            "{'type':'lookup','lookup':{'type':'map','map':{'Ulm':'U'}},'retainMissingValue':true}"),
        "null=1 Aalen=1 U=1 ulm=1");
    check(
        extracted(
            "city",
            "{'type':'lookup','lookup':{'type':'map','map':{'Ulm':'U'}},'replaceMissingValueWith':'-'}"),
        "-=3 U=1");
    check(
        extracted("__time", "{'type':'timeFormat','format':'HH:mm','timeZone':'Asia/Kathmandu'}"),
        "15:45=2 16:45=1 17:45=1");
    check(
        extracted("__time", "{'type':'timeFormat','granularity':'day'}"),
        "2026-11-20T00:00:00.000Z=4");
    check(extracted("tags", "{'type':'upper'}"), "null=1 X=1 Y=2 Z=1");
    check(
        dimension(
            "{'type':'extraction','dimension':'city','outputName':'d','outputType':'LONG','extractionFn':{'type':'strlen'}}"),
        "null=1 3=2 5=1");
    check(
        dimension("{'type':'listFiltered','delegate':'tags','values':['x','z']}"),
        "null=2 x=1 z=1");
    check(
        dimension("{'type':'listFiltered','delegate':'tags','values':['x'],'isWhitelist':false}"),
        "null=1 y=2 z=1");
    check(dimension("{'type':'listFiltered','delegate':'city','values':['Ulm']}"), "null=3 Ulm=1");
    check(
        dimension("{'type':'regexFiltered','delegate':'tags','pattern':'[xy]'}"), "null=2 x=1 y=2");
    check(dimension("{'type':'prefixFiltered','delegate':'city','prefix':'U'}"), "null=3 Ulm=1");
    check(
        dimension(
            "{'type':'lookup','dimension':'city','outputName':'d','lookup':{'type':'map','map':{'ulm':'x'}}}"),
        "null=3 x=1");
  }

  @Test
  void whatIsReadMustBeThere() {
    Query query =
        parse(
            groupBy(
                "'virtualColumns':[{'type':'expression','name':'v','expression':'city +"
                    + " nowhere'}],'dimensions':['v'],",
                "count",
                ""));
    assertThatThrownBy(() -> query.checkColumns(List.of("__time", "city")))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("data source 'ads' has no column 'nowhere'");
    query.checkColumns(List.of("__time", "city", "nowhere"));
  }

  private static String byCity(String filter) {
    return groupBy("'dimensions':['city'],'filter':" + filter + ",", "count", "");
  }

  private static String extracted(String column, String function) {
    return dimension(
        "{'type':'extraction','dimension':'%s','outputName':'d','extractionFn':%s}"
            .formatted(column, function));
  }

  private static String dimension(String dimension) {
    return groupBy("'dimensions':[" + dimension + "],", "count", "");
  }

  private static String groupBy(String more, String aggregation, String input) {
    return """
    {'queryType':'groupBy','dataSource':'ads','intervals':'2026-11-20/P1D','granularity':'all',%s
     'aggregations':[{'type':'%s','name':'out'%s}],'context':{'resultAsArray':true}}
    """
        .formatted(more, aggregation, input.isEmpty() ? "" : "," + input);
  }

  private static Query parse(String json) {
    return Answers.parse(json);
  }

  /** The groups as {@code key=value}, over rows as stored and as live. */
  private void check(String json, String groups) {
    for (boolean stored : new boolean[] {true, false}) {
      String answer =
          answer(json, stored)
              .replace("],[", " ")
              .replace("[", "")
              .replace("]", "")
              .replace("'", "")
              .replace(",", "=");
      assertThat(answer).as("%s, stored %s", json, stored).isEqualTo(groups);
    }
  }

  private String answer(String json, boolean stored) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("city", ColumnType.STRING);
    types.put("from", ColumnType.STRING);
    types.put("tags", ColumnType.STRING);
    types.put("n", ColumnType.LONG);
    RowSet rowSet = new ArrayRowSet(rows, types, stored);
    AggregateQuery query = (AggregateQuery) parse(json);
    QueryControl control =
        QueryControl.start(
            InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
    Partial partial = QueryEngine.scan(query, rowSet, Interval.ETERNITY, control);
    Partial merged = QueryEngine.merge(query, List.of(partial), control);
    return Answers.text(ResultBuilder.finish(query, merged, control));
  }
}
