package io.starfire.serving.query.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.GlobalIdCache;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of segments that meet by global ids are those that meet by their texts. */
class SharedKeysTest {
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");
  private static final int ROWS = 3_000;
  private static final Random RANDOM = new Random(20_261_128);
  private static final List<SegmentReader> SEGMENTS = new ArrayList<>();
  private static final ScanPool POOL = new ScanPool(3);

  private static final List<String> QUERIES =
      List.of(
          "'queryType':'groupBy','dimensions':['part']",
          "'queryType':'groupBy','dimensions':['part','flag']",
          "'queryType':'groupBy','dimensions':['flag','part']",
          "'queryType':'groupBy','dimensions':['tags']",
          "'queryType':'groupBy','dimensions':['part'],'filter':{'type':'like','dimension':'part','pattern':'a1%'}",
          "'queryType':'groupBy','dimensions':['part','order'],'limitSpec':{'type':'default','limit':9,'columns':[{'dimension':'sum','direction':'descending'}]}",
          "'queryType':'groupBy','dimensions':['part'],'having':{'type':'filter','filter':{'type':'bound','dimension':'part','lower':'b','ordering':'lexicographic'}},'limitSpec':{'type':'default','limit':20,'columns':['part']}",
          "'queryType':'topN','dimension':'part','threshold':50,'metric':'sum'",
          "'queryType':'topN','dimension':'part','threshold':50,'metric':{'type':'dimension','ordering':'alphanumeric'}");

  @TempDir private static Path directory;

  @BeforeAll
  static void write() {
    for (int i = 0; i < 4; i++) {
      SEGMENTS.add(segment(i));
    }
  }

  @AfterAll
  static void close() {
    SEGMENTS.forEach(SegmentReader::close);
    POOL.close();
  }

  @Test
  void theAnswersAreThoseOfTexts() {
    GlobalIdCache ids = new GlobalIdCache(1 << 20);
    for (int i = 0; i < QUERIES.size(); i++) {
      String query = QUERIES.get(i);
      // Groups go to disk now and then.
      long spillAtBytes = i % 3 == 0 ? 0 : 1 << 30;
      assertThat(json(query, SEGMENTS, ids, spillAtBytes, i % 2 == 0))
          .as(query)
          .isEqualTo(json(query, SEGMENTS, new GlobalIdCache(0), 1 << 30, false));
    }
    assertThat(ids.entries()).as("columns: part, order, tags").isEqualTo(3);
    assertThat(ids.misses()).isEqualTo(3);
    assertThat(ids.hits()).isPositive();
    assertThat(ids.bytes()).isBetween(4L * 4 * 4_000, 1L << 20);
  }

  @Test
  void otherSegmentsHaveOtherIds() {
    GlobalIdCache ids = new GlobalIdCache(1 << 20);
    String query = QUERIES.get(0);
    for (int from = 0; from < 3; from++) {
      List<SegmentReader> some = SEGMENTS.subList(from, from + 2);
      assertThat(json(query, some, ids, 1 << 30, true))
          .isEqualTo(json(query, some, new GlobalIdCache(0), 1 << 30, true));
    }
    assertThat(ids.entries()).isEqualTo(3);
  }

  @Test
  void aCacheThatIsTooSmallIsLeftAlone() {
    GlobalIdCache ids = new GlobalIdCache(1_000);
    assertThat(json(QUERIES.get(0), SEGMENTS, ids, 1 << 30, true))
        .isEqualTo(json(QUERIES.get(0), SEGMENTS, new GlobalIdCache(0), 1 << 30, true));
    assertThat(ids.misses()).isZero();
  }

  /** As live rows beside segments: those know nothing of what the segments have in common. */
  @Test
  void partialResultsOfOtherNodesAreMergedByTheirTexts() {
    AggregateQuery query = parse(QUERIES.get(1));
    QueryControl control = control();
    GlobalIdCache ids = new GlobalIdCache(1 << 20);
    try (QueryRun run = run(ids, 1 << 30, control)) {
      Partial shared = ParallelScan.scan(query, pieces(SEGMENTS.subList(0, 3)), false, run);
      Partial alone = QueryEngine.scan(query, SEGMENTS.get(3), DAY, control);
      Partial merged = ParallelScan.merge(query, List.of(alone, shared), true, run);
      assertThat(Answers.json(ResultBuilder.finish(query, merged, control)))
          .isEqualTo(json(QUERIES.get(1), SEGMENTS, new GlobalIdCache(0), 1 << 30, true));
    }
    assertThat(ids.misses()).isPositive();
  }

  @Test
  void aDamagedTextNamesItsSegmentWheneverItIsRead() throws IOException {
    Path file = directory.resolve("damaged");
    Files.copy(SEGMENTS.get(1).path(), file);
    List<SegmentReader> whole = List.of(SEGMENTS.get(0), SegmentReader.open(file));
    GlobalIdCache ids = new GlobalIdCache(1 << 20);
    assertThat(json(QUERIES.get(0), whole, ids, 1 << 30, true))
        .contains("'rows'".replace('\'', '"'));
    whole.get(1).close();
    byte[] bytes = Files.readAllBytes(file);
    // The values of the first dimension lie at the start.
    bytes[200] ^= 1;
    Files.write(file, bytes);
    for (GlobalIdCache cache : List.of(ids, new GlobalIdCache(1 << 20))) {
      try (SegmentReader damaged = SegmentReader.open(file)) {
        List<SegmentReader> segments = List.of(SEGMENTS.get(0), damaged);
        assertThatThrownBy(() -> json(QUERIES.get(0), segments, cache, 1 << 30, true))
            .as(cache.entries() > 0 ? "when it is shown" : "when ids are made")
            .hasMessageStartingWith("piece 1: segment file")
            .hasMessageContaining("column 'part', dictionary page 0");
      }
    }
  }

  private static String json(
      String json,
      List<SegmentReader> segments,
      GlobalIdCache ids,
      long spillAtBytes,
      boolean alone) {
    AggregateQuery query = parse(json);
    QueryControl control = control();
    try (QueryRun run = run(ids, spillAtBytes, control)) {
      Partial merged = ParallelScan.scan(query, pieces(segments), alone, run);
      Partial sent = PartialCodec.read(query, PartialCodec.write(merged, control), control);
      String answer = Answers.json(ResultBuilder.finish(query, merged, control));
      assertThat(Answers.json(ResultBuilder.finish(query, sent, control))).isEqualTo(answer);
      return answer;
    }
  }

  private static QueryRun run(GlobalIdCache ids, long spillAtBytes, QueryControl control) {
    SpillSpace space = new SpillSpace(directory.resolve("spill"), 1 << 30, spillAtBytes);
    QueryResources resources = new QueryResources(POOL, space, new PartialCache(0), ids);
    return new QueryRun(control, resources, QueryContext.EMPTY).withPartsOf(1_024);
  }

  private static List<NodePiece> pieces(List<SegmentReader> segments) {
    List<NodePiece> pieces = new ArrayList<>();
    for (SegmentReader rows : segments) {
      int number = pieces.size();
      pieces.add(
          new NodePiece(
              new RowSource(rows.path().toString(), DAY, (RowSet) rows, List.of(DAY)),
              true,
              e -> new StarfireException(e.code(), "piece " + number + ": " + e.getMessage(), e)));
    }
    return pieces;
  }

  private static QueryControl control() {
    return QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  private static AggregateQuery parse(String query) {
    String json =
        """
        {'dataSource':'events','intervals':'2026-11-20/P1D',%s,'granularity':'%s',
         'aggregations':[{'type':'count','name':'rows'},
           {'type':'longSum','name':'sum','fieldName':'clicks'}]}
        """
            .formatted(query, query.contains("'flag','part'") ? "hour" : "all");
    return (AggregateQuery)
        QueryParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  /** The last one has no orders and no nulls; the values of each are some of all. */
  private static SegmentReader segment(int number) {
    List<DimensionSpec> dimensions =
        new ArrayList<>(
            List.of(
                new DimensionSpec("part", ColumnType.STRING),
                new DimensionSpec("flag", ColumnType.STRING),
                new DimensionSpec("tags", ColumnType.STRING)));
    boolean hasOrders = number < 3;
    if (hasOrders) {
      dimensions.add(new DimensionSpec("order", ColumnType.STRING));
    }
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "events",
                dimensions,
                List.of(new MetricSpec("clicks", MetricSpec.Aggregation.LONG_SUM)),
                Granularity.DAY,
                Granularity.NONE,
                false));
    for (int i = 0; i < ROWS; i++) {
      List<Object> values = new ArrayList<>();
      boolean isNull = hasOrders && RANDOM.nextInt(50) == 0;
      String part = "ab".charAt(RANDOM.nextInt(2)) + Integer.toString(RANDOM.nextInt(4_000));
      values.add(isNull ? null : part + (RANDOM.nextInt(9) == 0 ? "\u00e9" : ""));
      values.add("flag-" + RANDOM.nextInt(3));
      values.add(List.of("t" + RANDOM.nextInt(3_000), "t" + RANDOM.nextInt(3_000)));
      if (hasOrders) {
        values.add("order-" + RANDOM.nextInt(5_000));
      }
      index.add(
          new DataRow(
              DAY.startMillis() + RANDOM.nextInt(86_400_000),
              values.toArray(),
              new long[] {RANDOM.nextInt(100)},
              new boolean[] {false}));
    }
    Path file = directory.resolve("segment-" + number);
    try (IndexedRows sorted = index.sortedSnapshot()) {
      WrittenSegment unused = SegmentWriter.write(sorted, DAY, file);
    }
    return SegmentReader.open(file);
  }
}
