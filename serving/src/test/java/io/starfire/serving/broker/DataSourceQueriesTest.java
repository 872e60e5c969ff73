package io.starfire.serving.broker;

import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.RegisteredLookup;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.role.LocalRows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Data sources that are no tables, over segments of two hours: 50 + 50 events of p0, p1, p2. */
class DataSourceQueriesTest {
  private static final String INLINE =
      "{'type':'inline','columnNames':['k','city','size'],'columnTypes':['STRING','STRING','LONG'],"
          + "'rows':[['p0','Ulm',1],['p0','Bonn',2],['p1',null,3],['px','Köln',4]]}";

  @TempDir static Path directory;
  private static BrokerRig rig;

  @BeforeAll
  static void start() throws IOException {
    rig = new BrokerRig(directory, scan -> LocalRows.ofNothing());
    rig.publish(hours(10, 12), 50, 1);
    rig.coordinator
        .lookups()
        .put(
            List.of(new RegisteredLookup("names", "v1", Map.of("p0", "zero", "p1", "one"), false)));
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  private static String answer(String json) {
    try {
      return rig.broker.answer(
          Answers.parse(json), "q", new ResponseContext(), answer -> Answers.text(answer));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String groupBy(String dataSource, String more) {
    return answer(
        ("{'queryType':'groupBy','dataSource':%s,'intervals':'1970/2100','granularity':'all',"
                + "'context':{'resultAsArray':true},%s}")
            .formatted(dataSource, more));
  }

  private static void assertRefused(String dataSource, String more, ErrorCode code, String what) {
    assertThatThrownBy(() -> groupBy(dataSource, more))
        .isInstanceOfSatisfying(StarfireException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(what);
  }

  private static String join(String left, String right, String condition, String type) {
    return "{'type':'join','left':%s,'right':%s,'rightPrefix':'j.','condition':'%s','joinType':'%s'}"
        .formatted(left, right, condition.replace("'", "\\u0027"), type);
  }

  @Test
  void aUnionHasTheRowsOfItsTables() {
    assertThat(
            groupBy(
                "{'type':'union','dataSources':['ads','ads']}",
                "'dimensions':['publisher'],'aggregations':[{'type':'longSum','name':'n','fieldName':'count'}]"))
        .isEqualTo("[['p0',68],['p1',68],['p2',64]]");
  }

  @Test
  void aQueryIsAskedOfTheAnswerOfAnother() {
    String hourly =
        "{'type':'query','query':{'queryType':'groupBy','dataSource':'ads','granularity':'hour',"
            + "'intervals':'2026-11-20/P1D','dimensions':['publisher'],"
            + "'aggregations':[{'type':'longSum','name':'n','fieldName':'count'}]}}";
    assertThat(
            groupBy(
                hourly,
                "'dimensions':['publisher'],'filter':{'type':'not','field':{'type':'selector','dimension':'publisher','value':'p2'}},"
                    + "'aggregations':[{'type':'longMax','name':'most','fieldName':'n'},{'type':'count','name':'hours'}]"))
        .isEqualTo("[['p0',17,2],['p1',17,2]]");
    assertThat(
            answer(
                "{'queryType':'timeseries','granularity':'hour','intervals':'2026-11-20/P1D','dataSource':"
                    + hourly
                    + ",'aggregations':[{'type':'count','name':'rows'}]}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:00:00.000Z','result':{'rows':3}},"
                + "{'timestamp':'2026-11-20T11:00:00.000Z','result':{'rows':3}}]");
    assertThat(
            answer(
                "{'queryType':'scan','resultFormat':'compactedList','columns':['publisher','n'],'limit':1,"
                    + "'intervals':'2026-11-20/P1D','dataSource':"
                    + hourly
                    + "}"))
        .contains("'events':[['p0',17]]");
    assertThat(
            answer(
                "{'queryType':'search','query':{'type':'contains','value':'p2'},'intervals':'2026-11-20/P1D','dataSource':"
                    + hourly
                    + "}"))
        .contains("{'dimension':'publisher','value':'p2','count':2}");
    assertThat(answer("{'queryType':'timeBoundary','dataSource':" + hourly + "}"))
        .contains("'minTime':'2026-11-20T10:00:00.000Z','maxTime':'2026-11-20T11:00:00.000Z'");
  }

  @Test
  @DisabledIf("io.starfire.segment.sketch.SketchLibrary#isMissing")
  void theEstimatesOfAnInnerQueryAreNumbers() {
    String inner =
        "{'type':'query','query':{'queryType':'groupBy','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',"
            + "'dimensions':['publisher'],'context':{'finalize':false},"
            + "'aggregations':[{'type':'thetaSketch','name':'s','fieldName':'publisher'},{'type':'quantilesDoublesSketch','name':'q','fieldName':'count'}]%s}}";
    assertThat(
            groupBy(
                inner.formatted(""),
                "'aggregations':[{'type':'doubleSum','name':'n','fieldName':'s'},{'type':'longMax','name':'q','fieldName':'q'}]"))
        .isEqualTo("[[3.0,2]]");
    assertRefused(
        inner.formatted(
            ",'postAggregations':[{'type':'fieldAccess','name':'raw','fieldName':'s'}]"),
        "'aggregations':[{'type':'count','name':'n'}]",
        ErrorCode.INVALID_INPUT,
        "an inner query has an output 'raw' that is a sketch or an object");
  }

  @Test
  void anInnerQueryHasALimitOfRows() {
    String scan =
        "{'type':'query','query':{'queryType':'scan','dataSource':'ads','intervals':'2026-11-20/P1D','columns':['__time','publisher']}}";
    String count = "'aggregations':[{'type':'count','name':'n'}]";
    assertThat(groupBy(scan, count)).isEqualTo("[[6]]");
    assertThatThrownBy(
            () ->
                answer(
                    ("{'queryType':'groupBy','intervals':'1970/2100','granularity':'all','dataSource':%s,"
                            + "'context':{'maxSubqueryRows':5},%s}")
                        .formatted(scan, count)))
        .hasMessage(
            "an inner query has more than 5 rows; use a filter or a limit in it, or set"
                + " context.maxSubqueryRows");
    assertThat(groupBy(scan.replace("}}", ",'limit':4,'offset':1}}"), count)).isEqualTo("[[4]]");
  }

  @Test
  void aJoinKeepsWhatFitsOrAllOfTheLeftSide() {
    String dimensions =
        "'dimensions':['publisher','j.city'],'aggregations':[{'type':'longSum','name':'n','fieldName':'count'},"
            + "{'type':'longSum','name':'s','fieldName':'j.size'}]";
    String inner = join("'ads'", INLINE, "publisher == \\\"j.k\\\"", "INNER");
    assertThat(groupBy(inner, dimensions))
        .isEqualTo("[['p0','Bonn',34,4],['p0','Ulm',34,2],['p1',null,34,6]]");
    assertThat(groupBy(inner.replace("INNER", "LEFT"), dimensions))
        .isEqualTo("[['p0','Bonn',34,4],['p0','Ulm',34,2],['p1',null,34,6],['p2',null,32,null]]");
    assertThat(
            groupBy(
                inner,
                dimensions
                    + ",'virtualColumns':[{'type':'expression','name':'v','expression':'concat(publisher,"
                    + " \\\"j.city\\\")'}],"
                    + "'filter':{'type':'selector','dimension':'v','value':'p0Ulm'}"))
        .isEqualTo("[['p0','Ulm',34,2]]");
    assertThat(
            groupBy(
                join("'ads'", INLINE, "concat(upper(publisher), '') == \\\"j.k\\\" && 1", "LEFT"),
                dimensions))
        .isEqualTo("[['p0',null,34,null],['p1',null,34,null],['p2',null,32,null]]");
    assertThat(
            answer(
                "{'queryType':'scan','intervals':'2026-11-20T10/PT1H','resultFormat':'compactedList','dataSource':"
                    + inner
                    + ",'filter':{'type':'selector','dimension':'j.size','value':2}}"))
        .contains(
            "'columns':['__time','publisher','count','clicks','j.k','j.city','j.size'],"
                + "'events':[[1795168800000,'p0',17,17,'p0','Bonn',2]]");
  }

  @Test
  void aJoinWithoutAnEqualityPairsAllRowsAndTwoJoinsFollowEachOther() {
    assertThat(
            groupBy(
                join("'ads'", INLINE, "1", "INNER"),
                "'aggregations':[{'type':'count','name':'n'}]"))
        .isEqualTo("[[24]]");
    String second =
        "{'type':'join','left':%s,'right':{'type':'lookup','lookup':'names'},'rightPrefix':'l.','joinType':'LEFT','condition':'\\\"l.k\\\" == \\\"j.k\\\"'}"
            .formatted(join("'ads'", INLINE, "publisher == \\\"j.k\\\"", "INNER"));
    assertThat(
            groupBy(
                second,
                "'dimensions':['l.v'],'filter':{'type':'in','dimension':'publisher','values':['p0']},"
                    + "'aggregations':[{'type':'count','name':'n'}]"))
        .isEqualTo("[['zero',4]]");
  }

  @Test
  void aLookupIsATableAFunctionADimensionAndAFilter() {
    String count = ",'aggregations':[{'type':'longSum','name':'n','fieldName':'count'}]";
    assertThat(
            groupBy(
                "'ads'",
                "'dimensions':[{'type':'extraction','dimension':'publisher','outputName':'d','extractionFn':"
                    + "{'type':'registeredLookup','lookup':'names','retainMissingValue':true}}]"
                    + count))
        .isEqualTo("[['one',34],['p2',32],['zero',34]]");
    assertThat(
            groupBy(
                "'ads'",
                "'dimensions':[{'type':'lookup','dimension':'publisher','outputName':'d','name':'names',"
                    + "'replaceMissingValueWith':'-'}]"
                    + count))
        .isEqualTo("[['-',32],['one',34],['zero',34]]");
    assertThat(
            groupBy(
                "'ads'",
                "'filter':{'type':'expression','expression':'lookup(publisher, \\u0027names\\u0027)"
                    + " == \\u0027one\\u0027'}"
                    + count))
        .isEqualTo("[[34]]");
    assertThat(
            groupBy(
                "{'type':'lookup','lookup':'names'}", "'dimensions':['k','v'],'aggregations':[]"))
        .isEqualTo("[['p0','zero'],['p1','one']]");
    assertRefused(
        "'ads'",
        "'dimensions':[{'type':'lookup','dimension':'publisher','outputName':'d','name':'nams'}]",
        ErrorCode.INVALID_INPUT,
        "there is no lookup 'nams'; did you mean names?");
  }

  @Test
  void eachSegmentIsAnsweredForItself() {
    assertThat(
            answer(
                "{'queryType':'timeseries','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',"
                    + "'context':{'bySegment':true},'aggregations':[{'type':'count','name':'n'}]}"))
        .matches(
            "\\[\\{'timestamp':'2026-11-20T10:00:00.000Z','result':\\{'results':"
                + "\\[\\{'timestamp':'2026-11-20T00:00:00.000Z','result':\\{'n':3}}],"
                + "'segment':'ads_2026-11-20T10[^']+','interval':'2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z'}},"
                + "\\{'timestamp':'2026-11-20T11.*");
  }

  @Test
  void emptyBucketsAreFilledInWhereSegmentsAre() {
    String query =
        "{'queryType':'timeseries','dataSource':'ads','granularity':'thirty_minute','intervals':'1970/2100',"
            + "'aggregations':[{'type':'count','name':'n'}]}";
    assertThat(answer(query))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:00:00.000Z','result':{'n':3}},"
                + "{'timestamp':'2026-11-20T10:30:00.000Z','result':{'n':0}},"
                + "{'timestamp':'2026-11-20T11:00:00.000Z','result':{'n':3}},"
                + "{'timestamp':'2026-11-20T11:30:00.000Z','result':{'n':0}}]");
  }

  @Test
  void whatCannotBeAnsweredIsRefusedWithASentence() {
    String count = "'aggregations':[{'type':'count','name':'n'}]";
    assertRefused(
        "{'type':'union','dataSources':['ads','adz']}", count, ErrorCode.NOT_FOUND, "adz");
    assertRefused(
        join("'ads'", INLINE, "publisher == \\\"j.key\\\"", "INNER"),
        count,
        ErrorCode.INVALID_INPUT,
        "names the column 'key' of the right side, whose columns are k, city, size");
    assertRefused(
        join("'ads'", INLINE, "nobody == \\\"j.k\\\"", "INNER"),
        count,
        ErrorCode.INVALID_INPUT,
        "names the column 'nobody', which data source 'ads' does not have");
    assertRefused(
        join("'ads'", INLINE, "publisher > \\\"j.k\\\"", "INNER"),
        count,
        ErrorCode.INVALID_INPUT,
        "a join's condition is one or more equalities");
    assertRefused(
        join("'ads'", "'ads'", "publisher == \\\"j.publisher\\\"", "INNER"),
        count,
        ErrorCode.UNSUPPORTED,
        "put data source 'ads' into a query");
    assertRefused(
        "'ads'", "'dimensions':['j.k']," + count, ErrorCode.INVALID_INPUT, "no column 'j.k'");
    assertThatThrownBy(
            () ->
                answer(
                    "{'queryType':'timeseries','granularity':'all','intervals':'2026/2027','aggregations':[],'dataSource':"
                        + INLINE
                        + "}"))
        .hasMessageContaining("the inline data source has no column __time");
    assertThatThrownBy(() -> answer("{'queryType':'segmentMetadata','dataSource':" + INLINE + "}"))
        .hasMessageContaining("its data source must be a table or a union");
  }
}
