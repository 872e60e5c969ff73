package io.starfire.serving.query.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.sample.Answers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that walks through dictionaries finds what one finds that counts rows. */
class SearchWalkTest {
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");

  private final Random random = new Random(20_261_128);
  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  private int files;

  @TempDir private Path directory;

  @Test
  void theHitsAreThoseOfAScan() {
    List<SegmentReader> segments = List.of(segment(3_000), segment(40), segment(0));
    for (String more :
        List.of(
            "'query':{'type':'contains','value':'7'},'searchDimensions':['city','rare']",
            "'query':{'type':'contains','value':'7'},'limit':5,'searchDimensions':['rare','city']",
            "'query':{'type':'insensitive_contains','value':'CITY-1'},'limit':3,'sort':{'type':'strlen'},'searchDimensions':['city','absent']",
            "'query':{'type':'contains','value':'xylophone'},'searchDimensions':['city']")) {
      SearchQuery query = query(more, "all", "2026-11-20/P1D");
      assertThat(walked(query, segments)).as(more).isEqualTo(scanned(query, segments));
    }
    segments.forEach(SegmentReader::close);
  }

  @Test
  void whereNotAllRowsCountOrCountsAreNotKnownThereIsNoWalk() {
    SegmentReader segment = segment(1_000);
    String city = "'query':{'type':'contains','value':'7'},'searchDimensions':['city']";
    assertThat(walks(query(city, "all", "2026-11-20/P1D"), segment)).isTrue();
    assertThat(walks(query(city, "hour", "2026-11-20/P1D"), segment)).isFalse();
    assertThat(walks(query(city, "all", "2026-11-20T01/PT5H"), segment)).isFalse();
    assertThat(walks(query(city.replace("city", "tags"), "all", "2026-11-20/P1D"), segment))
        .as("several values in a row")
        .isFalse();
    assertThat(
            walks(
                query(
                    city + ",'filter':{'type':'selector','dimension':'city','value':'city-7'}",
                    "all",
                    "2026-11-20/P1D"),
                segment))
        .isFalse();
    try (IndexedRows live = index(10).snapshot()) {
      assertThat(walks(query(city, "all", "2026-11-20/P1D"), live)).isFalse();
    }
    segment.close();
  }

  private static SearchQuery query(String more, String granularity, String interval) {
    String json =
        "{'queryType':'search','dataSource':'events','intervals':'%s','granularity':'%s',%s}"
            .formatted(interval, granularity, more);
    return (SearchQuery)
        QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private boolean walks(SearchQuery query, RowSet rows) {
    return new SearchHits(query, control)
        .walk(query.counts(List.of()).get(0), sources(List.of(rows)), control);
  }

  private String walked(SearchQuery query, List<SegmentReader> segments) {
    SearchHits hits = new SearchHits(query, control);
    for (GroupByQuery counts : query.counts(List.of())) {
      assertThat(hits.walk(counts, sources(segments), control)).isTrue();
    }
    return Answers.json(hits.answer());
  }

  private String scanned(SearchQuery query, List<SegmentReader> segments) {
    SearchHits hits = new SearchHits(query, control);
    for (GroupByQuery counts : query.counts(List.of())) {
      List<Partial> partials = new ArrayList<>();
      segments.forEach(rows -> partials.add(QueryEngine.scan(counts, rows, DAY, control)));
      hits.add(counts, QueryEngine.merge(counts, partials, control), control);
    }
    return Answers.json(hits.answer());
  }

  private static List<RowSource> sources(List<? extends RowSet> rows) {
    List<RowSource> sources = new ArrayList<>();
    rows.forEach(one -> sources.add(new RowSource("s" + sources.size(), DAY, one, List.of(DAY))));
    return sources;
  }

  private SegmentReader segment(int rows) {
    Path file = directory.resolve("segment-" + files++);
    try (IndexedRows sorted = index(rows).sortedSnapshot()) {
      WrittenSegment unused = SegmentWriter.write(sorted, DAY, file);
    }
    return SegmentReader.open(file);
  }

  /** Cities have many rows, and so bitmaps; what is rare has one row or two. */
  private IncrementalIndex index(int rows) {
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "events",
                List.of(
                    new DimensionSpec("city", ColumnType.STRING),
                    new DimensionSpec("rare", ColumnType.STRING),
                    new DimensionSpec("tags", ColumnType.STRING)),
                List.of(),
                Granularity.DAY,
                Granularity.NONE,
                false));
    for (int i = 0; i < rows; i++) {
      Object[] dimensions = {
        random.nextInt(20) == 0 ? null : "city-" + random.nextInt(30),
        "rare-" + random.nextInt(2_000),
        Arrays.asList("t" + random.nextInt(9), "t7")
      };
      index.add(
          new DataRow(
              DAY.startMillis() + random.nextInt(86_400_000),
              dimensions,
              new long[0],
              new boolean[0]));
    }
    return index;
  }
}
