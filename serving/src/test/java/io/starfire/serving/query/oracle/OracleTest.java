package io.starfire.serving.query.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.segment.column.RowSet;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.GlobalIdCache;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.metadata.SegmentAnalysis;
import io.starfire.serving.query.metadata.SegmentAnalyzer;
import io.starfire.serving.query.metadata.TimeBoundary;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.MetadataQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import io.starfire.serving.query.partial.PartialMerger;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.result.SearchHits;
import io.starfire.serving.query.result.Subtotals;
import io.starfire.serving.query.run.NodePiece;
import io.starfire.serving.query.run.ParallelScan;
import io.starfire.serving.query.run.PartialCache;
import io.starfire.serving.query.run.QueryResources;
import io.starfire.serving.query.run.QueryRun;
import io.starfire.serving.query.run.ScanPool;
import io.starfire.serving.query.run.SpillSpace;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.SampleRow;
import io.starfire.serving.query.scan.ScanAnswer;
import io.starfire.serving.query.scan.ScanColumn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries of all types in JSON over random rows, live, persisted, in segments and mixed,
 * against {@link Oracle} and its parts, which share no code with the engine. Answers are compared
 * as JSON, exactly. A failure names the seed; {@code -Dstarfire.seed=N} runs that one alone.
 */
class OracleTest {
  private final JsonMapper mapper = JsonMapper.builder().build();

  @TempDir private Path directory;

  /** The reins and the memory of the query at hand. */
  private QueryControl control = start();

  private final ScanPool oneThread = new ScanPool(1);
  private final ScanPool fourThreads = new ScanPool(4);
  private long spilledBytes;

  /** Of the row sets at hand, whose names are those of others too. */
  private PartialCache cache = new PartialCache(0);

  private GlobalIdCache globalIds = new GlobalIdCache(0);

  /** For the order in which partial results are merged. */
  private Random random = new Random(0);

  private static QueryControl start() {
    return QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  }

  @AfterEach
  void stop() {
    oneThread.close();
    fourThreads.close();
  }

  @Test
  void everyAnswerIsThatOfTheOracle() throws IOException {
    run(8, 60, 2_000);
    assertThat(spilledBytes).as("bytes that went to disk").isPositive();
  }

  /** Many kinds of rows, few of each: what is wrong shows in few rows too. */
  @Test
  @Tag("long")
  void everyAnswerIsThatOfTheOracleOverManySeeds() throws IOException {
    run(1_000, 40, 250);
  }

  private void run(int seeds, int queries, int maxRows) throws IOException {
    Long given = Long.getLong("starfire.seed");
    long first = given == null ? 20_261_121L : given;
    System.out.println("-Dstarfire.seed=" + first + (given == null ? " and " + seeds + " on" : ""));
    for (long seed = first; seed < first + (given == null ? seeds : 1); seed++) {
      run(seed, queries, maxRows);
    }
  }

  private void run(long seed, int count, int maxRows) throws IOException {
    random = new Random(seed);
    cache = new PartialCache(1 << 20);
    globalIds = new GlobalIdCache(1 << 20, 1);
    Path files = Files.createDirectory(directory.resolve("seed-" + seed));
    try (OracleData data = new OracleData(random, files, maxRows)) {
      OracleQueries queries = new OracleQueries(random, data);
      OracleTypeQueries others = new OracleTypeQueries(random, data);
      for (int i = 0; i < count; i++) {
        JsonNode query = i % 2 == 0 ? queries.query() : others.query();
        control = start();
        try {
          check(query, data);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError(
              "-Dstarfire.seed=%d, query %d of %d rows: %s: %s"
                  .formatted(seed, i, data.rows().size(), query, e.getMessage()),
              e);
        }
      }
    }
    try (var left = Files.list(files)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
  }

  private void check(JsonNode json, OracleData data) throws IOException {
    Query query = QueryParser.parse(json.toString().getBytes(StandardCharsets.UTF_8));
    List<SampleRow> rows = OracleExpressions.withVirtual(json, data.rows());
    if (query instanceof AggregateQuery aggregate) {
      assertThat(actual(aggregate, data)).isEqualTo(expected(json, rows));
    } else if (query instanceof ScanQuery scan) {
      Map<String, ColumnType> known = known(data);
      ScanAnswer answer = new ScanAnswer(scan, known, data.sources(), control, (one, e) -> e);
      List<String> shown = new ArrayList<>(known.keySet());
      json.path("virtualColumns").forEach(one -> shown.add(one.get("name").asText()));
      new OracleScan(json, shown).check(read(answer), rows, data.schema().dataSource());
    } else if (query instanceof SearchQuery search) {
      List<String> dimensions =
          data.schema().dimensions().stream().map(OracleSchema.Column::name).toList();
      SearchHits hits = new SearchHits(search, control);
      search.counts(dimensions).forEach(counts -> hits.add(counts, merged(counts, data), control));
      assertThat(read(hits.answer()).toString())
          .isEqualTo(OracleTypes.search(json, rows, dimensions).toString());
    } else if (query instanceof SegmentMetadataQuery segments) {
      assertThat(segments(segments, data)).isEqualTo(expectedSegments(json, data));
    } else {
      MetadataQuery boundary = (MetadataQuery) query;
      TimeBoundary merged =
          TimeBoundary.merge(
              data.sources().stream()
                  .map(source -> TimeBoundary.scan(boundary, source, control))
                  .toList());
      assertThat(read(merged.answer(boundary))).isEqualTo(Oracle.answer(json, rows));
    }
  }

  private JsonNode read(Answer answer) throws IOException {
    return mapper.readTree(Answers.json(answer));
  }

  private static String expected(JsonNode query, List<SampleRow> rows) {
    try {
      return Oracle.answer(query, rows).toString();
    } catch (OracleError e) {
      return e.code().name();
    }
  }

  private String actual(AggregateQuery query, OracleData data) throws IOException {
    try {
      return read(query instanceof GroupByQuery groupBy
              ? Subtotals.answer(
                  groupBy,
                  control,
                  (one, part) -> ResultBuilder.finish(one, merged(one, data), part))
              : ResultBuilder.finish(query, merged(query, data), control))
          .toString();
    } catch (StarfireException e) {
      boolean isExpected = e.getMessage().contains("does not fit into 64 bits");
      return e.code().name() + (isExpected ? "" : ": " + e.getMessage());
    }
  }

  private Partial merged(AggregateQuery query, OracleData data) {
    return random.nextInt(4) == 0 ? inAnyOrder(query, data) : inParallel(query, data);
  }

  /** As a node does it: on one thread or four, in parts, with slices that go to disk or stay. */
  private Partial inParallel(AggregateQuery query, OracleData data) {
    List<NodePiece> pieces = new ArrayList<>();
    data.sources().forEach(source -> pieces.add(new NodePiece(source, true, e -> e)));
    ScanPool pool = random.nextBoolean() ? oneThread : fourThreads;
    // Nearly always, sometimes, never.
    long spillAtBytes = List.of(0L, 20_000L, 1L << 40).get(random.nextInt(3));
    SpillSpace space = new SpillSpace(directory.resolve("spill"), 1 << 30, spillAtBytes);
    // Groups of row sets with sorted dictionaries meet by ids, or all by their texts.
    GlobalIdCache ids = random.nextBoolean() ? globalIds : new GlobalIdCache(0);
    QueryResources resources = new QueryResources(pool, space, cache, ids);
    boolean alone = random.nextBoolean();
    try (QueryRun run =
        new QueryRun(control, resources, QueryContext.EMPTY)
            .withPartsOf(300 + random.nextInt(2_000))) {
      Partial partial = ParallelScan.scan(query, pieces, alone, run);
      spilledBytes += space.usedBytes();
      return random.nextBoolean() ? sent(query, partial) : partial;
    }
  }

  /** In any order, some of them sent, and some merged before the others. */
  private Partial inAnyOrder(AggregateQuery query, OracleData data) {
    List<Partial> partials = new ArrayList<>();
    for (OracleData.Visible visible : data.rowSets()) {
      Partial partial = QueryEngine.scan(query, visible.rows(), visible.clips(), control);
      partials.add(random.nextBoolean() ? sent(query, partial) : partial);
    }
    Collections.shuffle(partials, random);
    int some = random.nextInt(partials.size() + 1);
    PartialMerger merger = new PartialMerger(query, control);
    merger.add(QueryEngine.merge(query, partials.subList(0, some), control));
    partials.subList(some, partials.size()).forEach(merger::add);
    return merger.merged();
  }

  /** As if another server had scanned. */
  private Partial sent(AggregateQuery query, Partial partial) {
    return PartialCodec.read(query, PartialCodec.write(partial, control), control);
  }

  private static Map<String, ColumnType> known(OracleData data) {
    Map<String, ColumnType> known = new LinkedHashMap<>(Map.of("__time", ColumnType.LONG));
    data.schema().dimensions().forEach(column -> known.put(column.name(), column.type()));
    data.schema().metrics().forEach(column -> known.put(column.name(), column.type()));
    return known;
  }

  /** Without what is the same for all row sets here. */
  private String segments(SegmentMetadataQuery query, OracleData data) throws IOException {
    List<SegmentAnalysis> analyses =
        data.sources().stream()
            .map(source -> SegmentAnalyzer.analyze(query, source, control))
            .toList();
    ArrayNode answer = (ArrayNode) read(SegmentAnalysis.answer(query, analyses));
    for (JsonNode one : answer) {
      assertThat(one.get("intervals").isNull())
          .isEqualTo(!query.analyses().contains(SegmentMetadataQuery.Analysis.INTERVAL));
      ((ObjectNode) one).retain("numRows", "size", "columns");
    }
    return sorted(answer);
  }

  private static String sorted(ArrayNode answer) {
    ArrayNode sorted = answer.arrayNode();
    for (JsonNode one : answer) {
      ObjectNode columns = sorted.objectNode();
      List<String> names = new ArrayList<>();
      one.get("columns").fieldNames().forEachRemaining(names::add);
      names.sort(null);
      names.forEach(name -> columns.set(name, one.get("columns").get(name)));
      ObjectNode row = sorted.addObject();
      row.set("numRows", one.get("numRows"));
      row.set("size", one.get("size"));
      row.set("columns", columns);
    }
    return sorted.toString();
  }

  private static String expectedSegments(JsonNode query, OracleData data) {
    List<OracleSegments.Stored> stored = new ArrayList<>();
    for (OracleData.Visible visible : data.rowSets()) {
      Map<String, String> types = new LinkedHashMap<>();
      RowSet rows = visible.rows();
      for (String name : rows.columnNames()) {
        types.put(name, ScanColumn.typeOf(rows.column(name)).name());
      }
      stored.add(new OracleSegments.Stored(types, visible.stored()));
    }
    return sorted(OracleSegments.answer(query, stored));
  }
}
