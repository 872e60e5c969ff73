package io.starfire.serving.query.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.MetadataQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.sample.Answers;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time boundaries, the newest event, and descriptions of segments, in Druid's shapes. */
class MetadataQueriesTest {
  private static final Interval TEN = Interval.parse("2026-11-20T10/PT1H");
  private static final Interval ELEVEN = Interval.parse("2026-11-20T11/PT1H");
  private static final DataSourceSchema SCHEMA = schema(ColumnType.LONG, Granularity.MINUTE);

  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);

  private static DataSourceSchema schema(ColumnType size, Granularity queryGranularity) {
    return new DataSourceSchema(
        "ads",
        List.of(new DimensionSpec("city", ColumnType.STRING), new DimensionSpec("size", size)),
        List.of(
            new MetricSpec("count", MetricSpec.Aggregation.COUNT),
            new MetricSpec("revenue", MetricSpec.Aggregation.DOUBLE_MAX)),
        Granularity.HOUR,
        queryGranularity,
        true);
  }

  private final List<RowSource> sources =
      List.of(
          source("one", TEN, index(TEN, "Ulm", "Köln", null).sortedSnapshot()),
          source("two_live", ELEVEN, index(ELEVEN, "Bonn", "Ulm").snapshot()));

  private static IncrementalIndex index(Interval hour, Object... cities) {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (int i = cities.length - 1; i >= 0; i--) {
      boolean unused =
          index.add(
              new DataRow(
                  hour.startMillis() + (i + 1) * 60_000L,
                  new Object[] {cities[i], (long) i},
                  new long[] {0, Double.doubleToRawLongBits(i)},
                  null));
    }
    return index;
  }

  private static RowSource source(String id, Interval interval, IndexedRows rows) {
    return new RowSource(id, interval, rows, List.of(interval));
  }

  @Test
  void theTimeBoundaryIsThatOfAllRowsStoredAndLive() {
    assertThat(boundary("{'queryType':'timeBoundary','dataSource':'ads'}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:01:00.000Z','result':"
                + "{'minTime':'2026-11-20T10:01:00.000Z','maxTime':'2026-11-20T11:02:00.000Z'}}]");
    assertThat(boundary("{'queryType':'timeBoundary','dataSource':'ads','bound':'maxTime'}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T11:02:00.000Z','result':"
                + "{'maxTime':'2026-11-20T11:02:00.000Z'}}]");
    assertThat(boundary("{'queryType':'timeBoundary','dataSource':'ads','bound':'minTime'}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:01:00.000Z','result':"
                + "{'minTime':'2026-11-20T10:01:00.000Z'}}]");
  }

  @Test
  void aFilterAndIntervalsNarrowTheTimeBoundary() {
    String query =
        "{'queryType':'timeBoundary','dataSource':'ads','intervals':'2026-11-20T10/PT%s',"
            + "'filter':{'type':'selector','dimension':'city','value':'%s'}}";
    assertThat(boundary(query.formatted("2H", "Ulm")))
        .contains("'minTime':'2026-11-20T10:01:00.000Z','maxTime':'2026-11-20T11:02:00.000Z'");
    assertThat(boundary(query.formatted("1H", "Ulm")))
        .contains("'minTime':'2026-11-20T10:01:00.000Z','maxTime':'2026-11-20T10:01:00.000Z'");
    assertThat(boundary(query.formatted("2H", "Bonn")))
        .contains("'minTime':'2026-11-20T11:01:00.000Z','maxTime':'2026-11-20T11:01:00.000Z'");
    assertThat(boundary(query.formatted("2H", "Rom"))).isEqualTo("[]");
  }

  @Test
  void theNewestEventIsThatOfTheNewestRow() {
    assertThat(boundary("{'queryType':'dataSourceMetadata','dataSource':'ads'}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T11:02:00.000Z','result':"
                + "{'maxIngestedEventTime':'2026-11-20T11:02:00.000Z'}}]");
  }

  @Test
  void segmentsAreDescribedOneByOneWithWhatDruidWorksOutByDefault() {
    assertThat(segments("", sources))
        .isEqualTo(
            "[{'id':'one','intervals':['2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z'],'columns':{"
                + "'__time':{'typeSignature':'LONG','type':'LONG','hasMultipleValues':false,'hasNulls':false,'size':0,'cardinality':null,'minValue':null,'maxValue':null,'errorMessage':null},"
                + "'city':{'typeSignature':'STRING','type':'STRING','hasMultipleValues':false,'hasNulls':true,'size':0,'cardinality':3,'minValue':null,'maxValue':'Ulm','errorMessage':null},"
                + "'size':{'typeSignature':'LONG','type':'LONG','hasMultipleValues':false,'hasNulls':false,'size':0,'cardinality':null,'minValue':null,'maxValue':null,'errorMessage':null},"
                + "'count':{'typeSignature':'LONG','type':'LONG','hasMultipleValues':false,'hasNulls':false,'size':0,'cardinality':null,'minValue':null,'maxValue':null,'errorMessage':null},"
                + "'revenue':{'typeSignature':'DOUBLE','type':'DOUBLE','hasMultipleValues':false,'hasNulls':false,'size':0,'cardinality':null,'minValue':null,'maxValue':null,'errorMessage':null}},"
                + "'size':0,'numRows':3,'aggregators':null,'timestampSpec':null,'queryGranularity':null,'rollup':null,'projections':null},"
                + segments("", sources.subList(1, 2)).substring(1));
  }

  @Test
  void whatIsAskedForIsWorkedOutAndMerged() {
    assertThat(
            segments(
                ",'merge':true,'toInclude':{'type':'list','columns':['city']},'analysisTypes':"
                    + "['cardinality','size','interval','minmax','queryGranularity','aggregators','rollup']",
                sources))
        .isEqualTo(
            "[{'id':'merged','intervals':['2026-11-20T10:00:00.000Z/2026-11-20T12:00:00.000Z'],'columns':{"
                + "'city':{'typeSignature':'STRING','type':'STRING','hasMultipleValues':false,'hasNulls':true,'size':15,'cardinality':3,'minValue':null,'maxValue':'Ulm','errorMessage':null}},"
                + "'size':185,'numRows':5,'aggregators':{"
                + "'count':{'type':'longSum','name':'count','fieldName':'count'},"
                + "'revenue':{'type':'doubleMax','name':'revenue','fieldName':'revenue'}},"
                + "'timestampSpec':null,'queryGranularity':{'type':'period','period':'PT1M','timeZone':'UTC','origin':null},"
                + "'rollup':true,'projections':null}]");
  }

  @Test
  void nothingThatWasNotAskedForIsInTheAnswer() {
    assertThat(segments(",'toInclude':{'type':'none'},'analysisTypes':[]", sources.subList(0, 1)))
        .isEqualTo(
            "[{'id':'one','intervals':null,'columns':{},'size':0,'numRows':3,'aggregators':null,"
                + "'timestampSpec':null,'queryGranularity':null,'rollup':null,'projections':null}]");
    assertThat(segments(",'merge':true", List.of())).isEqualTo("[]");
  }

  @Test
  void segmentsOfDifferentSchemasSayWhereTheyDiffer() {
    IncrementalIndex other = new IncrementalIndex(schema(ColumnType.STRING, Granularity.SECOND));
    boolean unused =
        other.add(
            new DataRow(ELEVEN.startMillis(), new Object[] {"x", "text"}, new long[] {0, 0}, null));
    List<RowSource> differing =
        List.of(sources.get(0), source("other", ELEVEN, other.sortedSnapshot()));
    String merged =
        segments(
            ",'merge':true,'analysisTypes':['queryGranularity','aggregators','rollup']", differing);
    assertThat(merged)
        .contains("'error:cannot_merge_diff_types: [LONG] and [STRING]'")
        .contains("'queryGranularity':null,'rollup':true")
        .contains("'aggregators':{'count'");
  }

  @Test
  void mistakesGetASentence() {
    assertRefused(
        "{'queryType':'timeBoundary','dataSource':'ads','bound':'middle'}",
        "bound 'middle' is not known; use minTime or maxTime, or leave it out for both");
    assertRefused(
        "{'queryType':'segmentMetadata','dataSource':'ads','analysisTypes':['magic']}",
        "analysisTypes 'magic' is not known; use cardinality, size, interval, minmax,"
            + " timestampSpec, queryGranularity, aggregators, rollup, projections");
    assertRefused(
        "{'queryType':'segmentMetadata','dataSource':'ads','toInclude':{'type':'some'}}",
        "toInclude.type 'some' is not known; use one of all, list, none");
    assertRefused(
        "{'queryType':'segmentMetadata','dataSource':'ads','aggregatorMergeStrategy':'best'}",
        "aggregatorMergeStrategy 'best' is not known; use one of [strict, lenient, earliest,"
            + " latest]");
    assertRefused(
        "{'queryType':'dataSourceMetadata','dataSource':'ads','bound':'maxTime'}",
        "bound is not a field of a dataSourceMetadata query; its fields are queryType, dataSource,"
            + " context");
  }

  private static void assertRefused(String query, String message) {
    assertThatThrownBy(() -> Answers.parse(query))
        .isInstanceOf(StarfireException.class)
        .hasMessage(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private String boundary(String json) {
    MetadataQuery query = (MetadataQuery) Answers.parse(json);
    return Answers.text(
        TimeBoundary.merge(
                sources.stream().map(one -> TimeBoundary.scan(query, one, control)).toList())
            .answer(query));
  }

  private String segments(String more, List<RowSource> of) {
    SegmentMetadataQuery query =
        (SegmentMetadataQuery)
            Answers.parse("{'queryType':'segmentMetadata','dataSource':'ads'" + more + "}");
    return Answers.text(
        SegmentAnalysis.answer(
            query, of.stream().map(one -> SegmentAnalyzer.analyze(query, one, control)).toList()));
  }
}
