package io.starfire.serving.query.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.AggregationKind;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.LimitSpec;
import io.starfire.serving.query.model.OutputValues;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.model.VirtualColumns;
import io.starfire.serving.query.sample.Answers;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueryParserTest {
  private static final String TIMESERIES =
      """
      {'queryType':'timeseries','dataSource':'ads','intervals':'2026-11-20T10/PT2H',
       'granularity':'hour','aggregations':[{'type':'count','name':'rows'}] %s}
      """;

  /** Druid's Python client sends these always. */
  @Test
  void fieldsOfDruidsClientsThatChangeNothingAreAccepted() {
    assertThat(parse(TIMESERIES.formatted("").replace("'count'", "'count','fieldName':'rows'")))
        .isEqualTo(parse(TIMESERIES.formatted("")));
    String bound = ",'filter':{'type':'bound','dimension':'city','lower':'a'%s}";
    assertThat(parse(timeseries(bound.formatted(",'alphaNumeric':false,'ordering':'strlen'"))))
        .isEqualTo(parse(timeseries(bound.formatted(",'ordering':'strlen'"))));
    assertThat(parse(timeseries(bound.formatted(",'alphaNumeric':true"))))
        .isEqualTo(parse(timeseries(bound.formatted(",'ordering':'alphanumeric'"))));
    String all = "'dataSource':'ads','intervals':'2026-11-20/P1D','granularity':'all'}";
    for (String type : List.of("scan", "timeBoundary", "segmentMetadata")) {
      assertThat(Answers.parse("{'queryType':'" + type + "'," + all).dataSource())
          .isEqualTo(new DataSource.Table("ads"));
    }
    assertInvalid(
        timeseries(bound.formatted(",'alphaNumeric':true,'ordering':'strlen'")),
        "filter.alphaNumeric is true, but filter.ordering is strlen");
  }

  @Test
  void messagesNameWhatIsWantedAndNoFieldsThatAreRefused() {
    assertInvalid(
        timeseries("").replace("'dataSource':'ads'", "'dataSource':5"),
        "dataSource must be a name, such as \"sales\", or");
    String scan =
        "{'queryType':'scan','dataSource':'ads','intervals':'2026/2027','granularty':'all'}";
    assertThatThrownBy(() -> parse(scan))
        .hasMessageContaining("its fields are queryType,")
        .hasMessageNotContaining("orderBy");
    assertThatThrownBy(() -> parse(timeseries(",'filter':{'type':'" + "x".repeat(100_000) + "'}")))
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(3_000));
    assertInvalid(
        timeseries("").replace("timeseries", "select"), "queryType 'select' is not known");
  }

  @Test
  void moreThanAMillionBucketsAreRefusedBeforeAnythingIsScanned() {
    String years = timeseries("").replace("2026-11-20T10/PT2H", "1970/2100");
    TimeseriesQuery query = (TimeseriesQuery) parse(years);
    assertThatThrownBy(() -> query.checkBuckets(query.intervals()))
        .hasMessageContaining("have more than 1,000,000 buckets of granularity hour; use");
    query.checkBuckets(List.of(Interval.parse("2026-11-20T10/PT2H")));
    assertThat(
            parse(
                    timeseries(",'context':{'skipEmptyBuckets':true}")
                        .replace(
                            "2026-11-20T10/PT2H",
                            "-146136543-09-08T08:23:32.096Z/146140482-04-24T15:36:27.903Z"))
                .intervals())
        .hasSize(1);
  }

  @Test
  void theGreatestAndTheLeastOfSeveralOutputsAreRead() {
    AggregateQuery query =
        parse(
            timeseries(
                ",'postAggregations':[{'type':'doubleGreatest','name':'most','fields':"
                    + "[{'type':'fieldAccess','fieldName':'rows'},{'type':'constant','name':'c','value':2.5}]},"
                    + "{'type':'longLeast','name':'least','fields':[{'type':'fieldAccess','fieldName':'rows'}]}]"));
    assertThat(query.postAggregations().get(0).compute(OutputValues.of(Map.of("rows", 2L))))
        .isEqualTo(2.5);
    assertThat(query.postAggregations().get(0).compute(OutputValues.of(Map.of("rows", 3L))))
        .isEqualTo(3.0);
    assertThat(query.postAggregations().get(1).compute(OutputValues.of(Map.of("rows", 3L))))
        .isEqualTo(3L);
    assertThat(query.postAggregations().get(1).compute(OutputValues.of(Map.of()))).isNull();
  }

  @Test
  void readsATimeseriesWithEverything() {
    AggregateQuery query =
        parse(
            """
            {'queryType':'timeseries','dataSource':{'type':'table','name':'ads'},
             'intervals':{'type':'intervals','intervals':['2026-11-20T10/PT1H','2026-11-20T10:30Z/PT1H']},
             'granularity':'fifteen_minute','descending':true,'limit':7,
             'virtualColumns':[],'postAggregations':null,
             'filter':{'type':'and','fields':[
               {'type':'selector','dimension':'city','value':null},
               {'type':'or','fields':[{'type':'in','dimension':'size','values':[1,'2',null]}]},
               {'type':'not','field':{'type':'bound','dimension':'price','lower':1.5,'upper':'9',
                 'lowerStrict':true,'ordering':'numeric'}}]},
             'aggregations':[{'type':'count','name':'rows'},
               {'type':'longSum','name':'clicks','fieldName':'clicks'},
               {'type':'doubleMax','name':'top','fieldName':'revenue'}],
             'context':{'timeout':2000,'queryId':'q1','skipEmptyBuckets':true,'grandTotal':'true',
               'priority':3,'useCache':false,'unheardOf':[1,{'a':null}]}}
            """);

    assertThat(query)
        .isEqualTo(
            new TimeseriesQuery(
                new DataSource.Table("ads"),
                List.of(Interval.parse("2026-11-20T10/2026-11-20T11:30Z")),
                QueryGranularity.of(Granularity.FIFTEEN_MINUTE),
                new Filter.And(
                    List.of(
                        new Filter.Selector("city", null),
                        new Filter.Or(
                            List.of(
                                new Filter.In(
                                    "size", new HashSet<>(Arrays.asList("1", "2", null))))),
                        new Filter.Not(
                            new Filter.Bound(
                                "price", "1.5", "9", true, false, Filter.Ordering.NUMERIC)))),
                List.of(
                    new Aggregation(AggregationKind.COUNT, "rows", null),
                    new Aggregation(
                        AggregationKind.of("longSum", ColumnType.LONG), "clicks", "clicks"),
                    new Aggregation(
                        AggregationKind.of("doubleMax", ColumnType.DOUBLE), "top", "revenue")),
                List.of(),
                true,
                7,
                query.context(),
                VirtualColumns.NONE));
    assertThat(query.context().timeoutMillis()).hasValue(2000);
    assertThat(query.context().queryId()).isEqualTo("q1");
    assertThat(query.context().skipEmptyBuckets()).isTrue();
    assertThat(query.context().grandTotal()).isTrue();
    assertThat(query.context().values()).containsKeys("priority", "useCache", "unheardOf");
    assertThat(query.requiredColumns())
        .containsExactly("city", "size", "price", "clicks", "revenue");
  }

  @Test
  void readsAGroupBy() {
    AggregateQuery query =
        parse(
            """
            {'queryType':'groupBy','dataSource':'ads','intervals':['2026-11-20/P1D'],
             'granularity':{'type':'all'},'limitSpec':null,
             'dimensions':['city',{'type':'default','dimension':'size','outputName':'n','outputType':'LONG'}]}
            """);

    assertThat(query)
        .isEqualTo(
            new GroupByQuery(
                new DataSource.Table("ads"),
                List.of(Interval.parse("2026-11-20/P1D")),
                QueryGranularity.of(Granularity.ALL),
                List.of(
                    new GroupDimension("city", "city", ColumnType.STRING),
                    new GroupDimension("size", "n", ColumnType.LONG)),
                null,
                List.of(),
                List.of(),
                null,
                LimitSpec.NONE,
                QueryContext.EMPTY,
                VirtualColumns.NONE,
                List.of()));
  }

  @Test
  void readsFromAStream() {
    byte[] json = TIMESERIES.formatted("").replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    assertThat(QueryParser.parse(new ByteArrayInputStream(json)))
        .isEqualTo(QueryParser.parse(json));
  }

  @Test
  void whatIsNotJsonIsRefusedWithItsPosition() {
    assertInvalid("{'queryType':\n  oops}", "the query is not JSON at line 2, column");
    assertInvalid("", "the query is empty; send a JSON object");
    assertInvalid("[1]", "a query must be a JSON object, got [1]");
    assertInvalid(TIMESERIES.formatted("") + "x", "the query is not JSON at line");
    assertInvalid("{'a':1,'a':2}", "Duplicate field 'a'");
  }

  @Test
  void unknownQueryTypesAreRefusedAndThoseOfDruidAreNotSupported() {
    assertUnsupported(
        "{'queryType':'windowOperator'}",
        "queryType 'windowOperator' is not supported in this version; use one of");
    assertInvalid("{'queryType':'banana'}", "queryType 'banana' is not known; use one of");
    assertInvalid("{}", "queryType is missing");
    assertInvalid("{'queryType':7}", "queryType must be a string, got 7");
  }

  @Test
  void unknownFieldsAreRefusedByName() {
    assertInvalid(
        timeseries(",'granularty':'hour'"),
        "granularty is not a field of a timeseries query; its fields are queryType,");
    assertInvalid(
        timeseries(",'dimensions':['city']"), "dimensions is not a field of a timeseries query");
    assertInvalid(
        timeseries(",'filter':{'type':'selector','dimension':'a','value':'b','valeu':1}"),
        "filter.valeu is not a field of a selector filter");
  }

  @Test
  void unknownTypesInsideAreRefusedAndThoseOfDruidAreNotSupported() {
    assertUnsupported(
        timeseries(",'filter':{'type':'spatial','dimension':'a'}"),
        "filter.type 'spatial' is not supported in this version; use one of and, arrayContains");
    assertInvalid(
        timeseries(",'filter':{'type':'and','fields':[{'type':'sounds_like'}]}"),
        "filter.fields[0].type 'sounds_like' is not known");
    assertUnsupported(
        timeseries("").replace("'count'", "'variance'"),
        "aggregations[0].type 'variance' is not supported in this version; use one of"
            + " HLLSketchBuild,");
    assertInvalid(
        timeseries("").replace("'count'", "'median'"),
        "aggregations[0].type 'median' is not known");
    assertInvalid(timeseries("").replace("'hour'", "'fortnight'"), "'fortnight' is not known");
    assertUnsupported(
        timeseries("").replace("'ads'", "{'type':'unnest','base':'a'}"),
        "dataSource.type 'unnest' is not supported");
    assertUnsupported(
        timeseries(",'filter':{'type':'bound','dimension':'a','lower':'b','ordering':'version'}"),
        "filter.ordering 'version' is not supported");
    assertRefused(
        timeseries(
            ",'filter':{'type':'selector','dimension':'a','value':'b','extractionFn':{'type':'javascript'}}"),
        ErrorCode.SWITCHED_OFF,
        "filter.extractionFn.type: JavaScript is switched off, as it is in Druid");
  }

  @Test
  void fieldsOfDruidThatAreNotThereAreNotSupportedUnlessEmpty() {
    assertUnsupported(
        timeseries(",'virtualColumns':[{'type':'fallback','name':'a'}]"),
        "virtualColumns[0].type 'fallback' is not supported in this version; use one of");
  }

  @Test
  void emptyAndMalformedIntervalsAreRefused() {
    assertInvalid(
        timeseries("").replace("PT2H", "PT0S"),
        "the interval 2026-11-20T10:00:00.000Z/2026-11-20T10:00:00.000Z is empty");
    assertInvalid(timeseries("").replace("/PT2H", ""), "'2026-11-20T10' is not an interval");
    assertInvalid(
        timeseries("").replace("'2026-11-20T10/PT2H'", "[]"),
        "intervals must name at least one interval, got none");
    assertInvalid(
        timeseries("").replace("'intervals':'2026-11-20T10/PT2H',", ""), "intervals is missing");
    assertInvalid(
        timeseries("").replace("PT2H", "2026-11-20T09"),
        "an interval must not end before it starts");
  }

  @Test
  void wrongValuesAreRefused() {
    assertInvalid(timeseries(",'limit':-1"), "limit must be from 0 to 2147483647, got -1");
    assertInvalid(timeseries(",'limit':'many'"), "limit must be a whole number, got \"many\"");
    assertInvalid(timeseries(",'descending':7"), "descending must be true or false, got 7");
    assertInvalid(timeseries(",'context':[]"), "context must be a JSON object, got []");
    assertInvalid(
        timeseries(",'context':{'timeout':'soon'}"),
        "context.timeout must be milliseconds at or above 0 (0 is the server's limit), got 'soon'");
    assertInvalid(
        timeseries(",'context':{'skipEmptyBuckets':1}"),
        "context.skipEmptyBuckets must be true or false, got '1'");
    assertInvalid(
        timeseries(",'filter':{'type':'selector','dimension':'a'}"),
        "filter.value is missing; give a value, or null to ask for nulls");
    assertInvalid(
        timeseries(",'filter':{'type':'bound','dimension':'a'}"),
        "a bound filter on 'a' needs lower, upper or both");
    assertInvalid(
        timeseries(",'filter':{'type':'bound','dimension':'a','lower':'x','ordering':'numeric'}"),
        "its lower end 'x' is not a number");
    assertInvalid(
        timeseries(",'filter':{'type':'or','fields':[]}"), "must have at least one of fields");
    assertInvalid(
        timeseries("").replace("'count'", "'longSum'"),
        "aggregation 'rows' of type longSum must name a column as fieldName");
  }

  @Test
  void filtersNestedTooDeeplyAreRefused() {
    String filter =
        "{'type':'not','field':".repeat(150)
            + "{'type':'selector','dimension':'a','value':'b'}"
            + "}".repeat(150);

    assertInvalid(
        timeseries(",'filter':" + filter),
        "filter"
            + ".field".repeat(12)
            + ".f...ield"
            + ".field".repeat(16)
            + ": filters are nested deeper than 100");
  }

  @Test
  void twoOutputsOfOneNameAreRefused() {
    assertInvalid(
        """
        {'queryType':'groupBy','dataSource':'ads','intervals':'2026-11-20/P1D','granularity':'all',
         'dimensions':['rows'],'aggregations':[{'type':'count','name':'rows'}]}
        """,
        "two outputs are named 'rows'; each needs a name of its own");
  }

  @Test
  void aColumnThatIsNotThereIsNamedWithThoseThatAre() {
    AggregateQuery query =
        parse(timeseries(",'filter':{'type':'selector','dimension':'citty','value':'x'}"));

    assertThatThrownBy(() -> query.checkColumns(List.of("__time", "city", "clicks")))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage(
            "data source 'ads' has no column 'citty'; its columns are __time, city, clicks");
    query.checkColumns(List.of("citty"));
  }

  private static String timeseries(String more) {
    return TIMESERIES.formatted(more);
  }

  private static AggregateQuery parse(String json) {
    return (AggregateQuery)
        QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static void assertInvalid(String json, String message) {
    assertRefused(json, ErrorCode.INVALID_INPUT, message);
  }

  private static void assertUnsupported(String json, String message) {
    assertRefused(json, ErrorCode.UNSUPPORTED, message);
  }

  private static void assertRefused(String json, ErrorCode code, String message) {
    assertThatThrownBy(() -> parse(json))
        .isInstanceOfSatisfying(StarfireException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
