package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentMerger;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.metadata.SegmentAnalysis;
import io.starfire.serving.query.metadata.SegmentAnalyzer;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.scan.ScanAnswer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries over nested values: live, sorted, and in a segment. */
class NestedColumnsTest {
  private static final long TEN = Times.parse("2026-11-20T10");
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");
  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema(
          "d",
          List.of(DimensionSpec.ofJson("doc"), new DimensionSpec("g", ColumnType.STRING)),
          List.of(),
          Granularity.DAY,
          Granularity.NONE,
          false);
  private static final List<String> DOCUMENTS =
      List.of(
          "{'user':{'name':'Ada','age':36},'tags':['x','y'],'ok':true}",
          "{'user':{'name':'Bob','age':7.5},'tags':[],'ok':false}",
          "{'user':{'name':'Ada','age':'old'},'path':'C:\\\\'}",
          "{'user':'nobody'}",
          "[1,{'a':2}]",
          "'text'",
          "12");

  @TempDir private Path directory;
  private final Map<String, RowSet> sets = new LinkedHashMap<>();

  @BeforeEach
  void write() {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (int i = 0; i < DOCUMENTS.size(); i++) {
      add(index, TEN + i, DOCUMENTS.get(i).replace('\'', '"'), "g" + i % 2);
    }
    add(index, TEN + 100, null, "g0");
    IndexedRows sorted = index.sortedSnapshot();
    Path file = directory.resolve("s.segment");
    SegmentMerger.merge(SCHEMA, DAY, List.of(sorted), file);
    sets.put("live", index.snapshot());
    sets.put("sorted", sorted);
    sets.put("segment", SegmentReader.open(file));
  }

  private static void add(IncrementalIndex index, long time, String document, String group) {
    index.add(new DataRow(time, new Object[] {document, group}, new long[0], null));
  }

  private static QueryControl control() {
    return QueryControl.start(
        InstantSource.fixed(Instant.EPOCH), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  /** The answer of all kinds of row sets, which is the same. */
  private String answer(String json) {
    AggregateQuery query = (AggregateQuery) Answers.parse(json);
    return same(
        rows ->
            Answers.text(
                ResultBuilder.finish(
                    query, QueryEngine.scan(query, rows, DAY, control()), control())));
  }

  private String same(Function<RowSet, String> ask) {
    String first = null;
    for (Map.Entry<String, RowSet> set : sets.entrySet()) {
      String answer = ask.apply(set.getValue());
      if (first != null) {
        assertThat(answer).as(set.getKey()).isEqualTo(first);
      }
      first = answer;
    }
    return first;
  }

  private String groups(String virtualColumns, String dimension) {
    return answer(
        "{'queryType':'groupBy','dataSource':'d','granularity':'all','intervals':'2026-11-20/P1D',"
            + "'virtualColumns':["
            + virtualColumns
            + "],'dimensions':["
            + dimension
            + "],'aggregations':[{'type':'count','name':'n'}],'context':{'resultAsArray':true}}");
  }

  private static String field(String path, String more) {
    return "{'type':'nested-field','columnName':'doc','outputName':'v','path':'"
        + path
        + "'"
        + more
        + "}";
  }

  @Test
  void rowsAreGroupedByWhatIsAtAPath() {
    assertThat(groups(field("$.user.name", ""), "'v'")).isEqualTo("[[null,5],['Ada',2],['Bob',1]]");
    assertThat(groups(field("$.user", ""), "'v'")).isEqualTo("[[null,7],['nobody',1]]");
    assertThat(groups(field("$", ""), "'v'")).isEqualTo("[[null,6],['12',1],['text',1]]");
    assertThat(
            groups(
                field("$.user.age", ",'expectedType':'LONG'"),
                "{'type':'default','dimension':'v','outputType':'LONG'}"))
        .isEqualTo("[[null,6],[7,1],[36,1]]");
    assertThat(
            groups(
                field("$.user.age", ",'expectedType':'FLOAT'"),
                "{'type':'default','dimension':'v','outputType':'DOUBLE'}"))
        .isEqualTo("[[null,6],[7.5,1],[36.0,1]]");
    assertThat(groups(field(".tags[1]", ",'useJqSyntax':true"), "'v'"))
        .isEqualTo("[[null,7],['y',1]]");
    assertThat(groups(field("$.tags", ",'expectedType':'ARRAY<STRING>'"), "'v'"))
        .isEqualTo("[[null,7],['x',1],['y',1]]");
    String parts =
        "{'type':'nested-field','columnName':'doc','outputName':'v','pathParts':"
            + "[{'type':'arrayElement','index':1},{'type':'field','field':'a'}]}";
    assertThat(groups(parts, "'v'")).isEqualTo("[[null,7],['2',1]]");
    assertThat(groups(field("$.absent", ""), "'v'")).isEqualTo("[[null,8]]");
    assertThat(groups(field("$.user", ",'processFromRaw':true"), "'v'"))
        .as("the object itself, as JSON")
        .contains("['{\\'name\\':\\'Bob\\',\\'age\\':7.5}',1]");
  }

  @Test
  void aFilterAsksForWhatIsAtAPath() {
    assertThat(
            count(
                "{'type':'equals','column':'v','matchValueType':'STRING','matchValue':'Ada'}",
                field("$.user.name", "")))
        .isEqualTo(2);
    assertThat(
            count(
                "{'type':'range','column':'v','matchValueType':'DOUBLE','lower':7.5}",
                field("$.user.age", ",'expectedType':'DOUBLE'")))
        .isEqualTo(2);
    assertThat(count("{'type':'null','column':'v'}", field("$.ok", ""))).isEqualTo(6);
    assertThat(
            count(
                "{'type':'expression','expression':'json_value(doc, \\u0027$.ok\\u0027) =="
                    + " \\u0027true\\u0027'}",
                ""))
        .isEqualTo(1);
  }

  private int count(String filter, String virtualColumns) {
    String answer =
        answer(
            "{'queryType':'timeseries','dataSource':'d','granularity':'all','intervals':'2026-11-20/P1D',"
                + "'virtualColumns':["
                + virtualColumns
                + "],'filter':"
                + filter
                + ",'aggregations':[{'type':'count','name':'n'}]}");
    return Integer.parseInt(answer.replaceAll(".*'n':(\\d+).*", "$1"));
  }

  @Test
  void aScanShowsNestedValuesAsTheyAre() {
    ScanQuery query =
        (ScanQuery)
            Answers.parse(
                "{'queryType':'scan','dataSource':'d','intervals':'2026-11-20/P1D','columns':['doc','v'],'resultFormat':'compactedList','virtualColumns':[{'type':'expression','name':'v','expression':'json_query(doc,"
                    + " \\u0027$.tags\\u0027)'}]}");
    Map<String, ColumnType> known =
        Map.of("__time", ColumnType.LONG, "doc", ColumnType.STRING, "g", ColumnType.STRING);
    String answer =
        same(
            rows ->
                Answers.text(
                    new ScanAnswer(
                        query,
                        known,
                        List.of(new RowSource("s", DAY, rows, List.of(DAY))),
                        control(),
                        (one, e) -> e)));
    assertThat(answer)
        .contains(
            "[[{'user':{'name':'Ada','age':36},'tags':['x','y'],'ok':true},['x','y']],"
                + "[{'user':{'name':'Bob','age':7.5},'tags':[],'ok':false},[]],"
                + "[{'user':{'name':'Ada','age':'old'},'path':'C:\\u005c'},null],"
                + "[{'user':'nobody'},null],[[1,{'a':2}],null],['text',null],[12,null],[null,null]]");
  }

  @Test
  void segmentMetadataNamesTheType() {
    SegmentMetadataQuery query =
        (SegmentMetadataQuery)
            Answers.parse(
                "{'queryType':'segmentMetadata','dataSource':'d','intervals':'2026-11-20/P1D'}");
    String answer =
        same(
            rows ->
                Answers.text(
                    SegmentAnalysis.answer(
                        query,
                        List.of(
                            SegmentAnalyzer.analyze(
                                query, new RowSource("s", DAY, rows, List.of(DAY)), control())))));
    assertThat(answer).contains("'doc':{'typeSignature':'COMPLEX<json>','type':'COMPLEX<json>'");
  }

  @Test
  void aPathThatIsMalformedIsRefused() {
    for (String bad :
        List.of(
            field("user", ""),
            field("$.user", ",'expectedType':'DATE'"),
            field("$.user", ",'pathParts':[{'type':'field','field':'x'}]"),
            "{'type':'nested-field','columnName':'doc','outputName':'v'}")) {
      assertThatThrownBy(() -> groups(bad, "'v'"))
          .as(bad)
          .isInstanceOf(StarfireException.class)
          .hasMessageMatching(
              ".*(is malformed at character|is not known; use STRING|name different places|path is"
                  + " missing).*");
    }
  }
}
