package io.starfire.serving.query.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.Partial;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.json.QueryParser;
import io.starfire.serving.query.metadata.TimeBoundary;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.MetadataQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import io.starfire.serving.query.sample.SampleRow;
import io.starfire.serving.query.scan.ScanAnswer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries in JSON over random rows, live, persisted, in segments and mixed, against {@link
 * Oracle}. Answers are compared as JSON, exactly. A failure names the seed; {@code
 * -Dstarfire.seed=N} runs that one alone.
 */
class OracleTest {
  private static final int QUERIES = 40;
  private static final int MAX_ROWS = 2_500;

  private final JsonMapper mapper = JsonMapper.builder().build();

  /** One for all queries of a test, which together may take long. */
  private final QueryControl control =
      QueryControl.start(
          InstantSource.system(),
          new QueryLimits(QueryLimits.DEFAULT.maxMemoryBytes(), Duration.ofDays(1)),
          QueryContext.EMPTY);

  @TempDir private Path directory;

  @Test
  void everyAnswerIsThatOfTheOracle() throws IOException {
    run(25);
  }

  @Test
  @Tag("long")
  void everyAnswerIsThatOfTheOracleOverManySeeds() throws IOException {
    run(1_000);
  }

  private void run(int seeds) throws IOException {
    Long given = Long.getLong("starfire.seed");
    long first = given == null ? 20_261_121L : given;
    System.out.println("-Dstarfire.seed=" + first + (given == null ? " and " + seeds + " on" : ""));
    for (long seed = first; seed < first + (given == null ? seeds : 1); seed++) {
      run(seed);
    }
  }

  private void run(long seed) throws IOException {
    Random random = new Random(seed);
    Path files = Files.createDirectory(directory.resolve("seed-" + seed));
    try (OracleData data = new OracleData(random, files, MAX_ROWS)) {
      OracleQueries queries = new OracleQueries(random, data);
      for (int i = 0; i < QUERIES; i++) {
        JsonNode query = queries.query();
        if (query.get("queryType").asText().equals("scan")) {
          checkScan(query, data, "-Dstarfire.seed=%d, query %d: %s".formatted(seed, i, query));
          continue;
        }
        assertThat(actual(query, data, random))
            .as("-Dstarfire.seed=%d, query %d of %d rows: %s", seed, i, data.rows().size(), query)
            .isEqualTo(expected(query, data));
      }
    }
    try (var left = Files.list(files)) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
  }

  private static String expected(JsonNode query, OracleData data) {
    try {
      return Oracle.answer(query, data.rows()).toString();
    } catch (OracleError e) {
      return e.code().name();
    }
  }

  private String actual(JsonNode query, OracleData data, Random random)
      throws JsonProcessingException {
    try {
      Query parsed = QueryParser.parse(query.toString().getBytes(StandardCharsets.UTF_8));
      Answer answer =
          parsed instanceof AggregateQuery aggregate
              ? answer(aggregate, data, random)
              : answer((MetadataQuery) parsed, data);
      return mapper.readTree(Answers.json(answer)).toString();
    } catch (StarfireException e) {
      return e.code().name() + (isExpected(e) ? "" : ": " + e.getMessage());
    }
  }

  private Answer answer(MetadataQuery query, OracleData data) {
    List<TimeBoundary> boundaries = new ArrayList<>();
    for (RowSource source : data.sources()) {
      boundaries.add(TimeBoundary.scan(query, source, control));
    }
    return TimeBoundary.merge(boundaries).answer(query);
  }

  /**
   * The order of rows with equal times, and of those that are not ordered, is free: the events must
   * be as many as asked for, each of them a row that counts, and their times in order.
   */
  private void checkScan(JsonNode query, OracleData data, String what)
      throws JsonProcessingException {
    ScanQuery parsed =
        (ScanQuery) QueryParser.parse(query.toString().getBytes(StandardCharsets.UTF_8));
    List<String> known = new ArrayList<>();
    query.get("columns").forEach(column -> known.add(column.asText()));
    ScanAnswer answer =
        new ScanAnswer(
            parsed, data.schema().dataSource(), known, data.sources(), control, (one, e) -> e);
    List<String> events = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (JsonNode batch : mapper.readTree(Answers.json(answer))) {
      for (JsonNode event : batch.get("events")) {
        events.add(event.toString());
        times.add(event.get(0).asLong());
      }
    }
    List<SampleRow> chosen = Oracle.chosen(query, data.rows());
    List<Long> expectedTimes = new ArrayList<>(chosen.stream().map(SampleRow::timeMillis).toList());
    Collections.sort(expectedTimes);
    if (query.get("order").asText().equals("descending")) {
      Collections.reverse(expectedTimes);
    }
    int from = Math.min(query.path("offset").asInt(0), chosen.size());
    int to = Math.min(from + query.path("limit").asInt(chosen.size()), chosen.size());
    List<String> left = new ArrayList<>(OracleOthers.events(query, chosen));
    assertThat(events).as(what).hasSize(to - from);
    Collections.sort(left);
    Collections.sort(events);
    if (to - from == chosen.size()) {
      assertThat(events).as(what).isEqualTo(left);
    } else {
      events.forEach(event -> assertThat(left.remove(event)).as("%s: %s", what, event).isTrue());
    }
    if (!query.get("order").asText().equals("none")) {
      assertThat(times).as(what).isEqualTo(expectedTimes.subList(from, to));
    }
  }

  private static boolean isExpected(StarfireException e) {
    return e.getMessage().contains("does not fit into 64 bits");
  }

  /** In any order, some of them merged before the others. */
  private Answer answer(AggregateQuery query, OracleData data, Random random) {
    List<Partial> partials = new ArrayList<>();
    for (OracleData.Visible visible : data.rowSets()) {
      partials.add(QueryEngine.scan(query, visible.rows(), visible.clips(), control));
    }
    Collections.shuffle(partials, random);
    int some = random.nextInt(partials.size() + 1);
    Partial first = QueryEngine.merge(query, partials.subList(0, some), control);
    Partial rest = QueryEngine.merge(query, partials.subList(some, partials.size()), control);
    return ResultBuilder.finish(query, QueryEngine.merge(query, control, first, rest), control);
  }
}
