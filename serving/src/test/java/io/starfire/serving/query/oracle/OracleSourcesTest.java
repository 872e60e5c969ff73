package io.starfire.serving.query.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.control.Lookups;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.result.Subtotals;
import io.starfire.serving.query.run.PartialCache;
import io.starfire.serving.query.run.QueryResources;
import io.starfire.serving.query.run.QueryRun;
import io.starfire.serving.query.run.ScanPool;
import io.starfire.serving.query.run.SpillSpace;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.SampleRow;
import io.starfire.serving.query.source.QueryRows;
import io.starfire.serving.query.source.RowOpener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries over random data sources (unions, rows of the query, inner queries, lookups, joins
 * and all of these inside of each other) against {@link OracleSources}. A failure names the seed;
 * {@code -Dstarfire.seed=N} runs that one alone.
 */
class OracleSourcesTest {
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final ScanPool threads = new ScanPool(2);
  private final QueryResources resources =
      new QueryResources(threads, SpillSpace.none(), new PartialCache(0));

  @TempDir private Path directory;

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void everyAnswerIsThatOfTheOracle() throws IOException {
    run(8, 40);
  }

  @Test
  @Tag("long")
  void everyAnswerIsThatOfTheOracleOverManySeeds() throws IOException {
    run(500, 40);
  }

  private void run(int seeds, int queries) throws IOException {
    Long given = Long.getLong("starfire.seed");
    long first = given == null ? 20_261_128L : given;
    for (long seed = first; seed < first + (given == null ? seeds : 1); seed++) {
      Random random = new Random(seed);
      Path files = Files.createDirectory(directory.resolve("seed-" + seed));
      try (OracleData data = new OracleData(random, files, 200)) {
        OracleSourceQueries source = new OracleSourceQueries(random, data);
        for (int i = 0; i < queries; i++) {
          ObjectNode query = source.query();
          try {
            assertThat(actual(query, data)).isEqualTo(expected(query, data.rows()));
          } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                "-Dstarfire.seed=%d, query %d: %s: %s".formatted(seed, i, query, e.getMessage()),
                e);
          }
        }
      }
    }
  }

  private static String expected(JsonNode query, List<SampleRow> table) {
    try {
      List<SampleRow> rows = OracleSources.rows(query.get("dataSource"), table);
      return Oracle.answer(query, OracleExpressions.withVirtual(query, rows)).toString();
    } catch (OracleError e) {
      return e.code().name();
    }
  }

  private String actual(JsonNode json, OracleData data) throws IOException {
    AggregateQuery query =
        (AggregateQuery) QueryParser.parse(json.toString().getBytes(StandardCharsets.UTF_8));
    QueryControl control =
        QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY)
            .with(new Lookups(1, Map.of("words", OracleSourceQueries.LOOKUP)));
    try (QueryRun run = new QueryRun(control, resources, QueryContext.EMPTY);
        QueryRows rows =
            new RowOpener(query, (table, intervals) -> new TableRows(data), run, this::answer)
                .open()) {
      return mapper.readTree(Answers.json(answer(query, rows, run))).toString();
    } catch (StarfireException e) {
      boolean isExpected = e.getMessage().contains("does not fit into 64 bits");
      return e.code().name() + (isExpected ? "" : ": " + e.getMessage());
    }
  }

  private QueryResult answer(AggregateQuery query, QueryRows rows, QueryRun run) {
    return query instanceof GroupByQuery groupBy
        ? Subtotals.answer(
            groupBy,
            run.control(),
            (one, part) -> ResultBuilder.finish(one, rows.scan(one, true, run.with(part)), part))
        : ResultBuilder.finish(query, rows.scan(query, true, run), run.control());
  }

  /** The rows of the table, which stay open. */
  private record TableRows(OracleData data) implements QueryRows {
    @Override
    public List<Visible> all() {
      return data.sources().stream().map(source -> new Visible(source, e -> e)).toList();
    }

    @Override
    public Map<String, ColumnType> columns() {
      Map<String, ColumnType> columns = new LinkedHashMap<>(Map.of("__time", ColumnType.LONG));
      data.schema().columns().forEach(column -> columns.put(column.name(), column.type()));
      columns.put("absent", ColumnType.STRING);
      return columns;
    }

    @Override
    public Set<String> dimensions() {
      return QueryRows.withoutTime(columns());
    }

    @Override
    public void close() {}
  }
}
