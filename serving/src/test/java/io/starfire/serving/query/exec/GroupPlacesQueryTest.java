package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * So many possible groups that blocks of rows wait for all of their aggregates: the answers are
 * those of the index, which numbers groups where there is no memory for places.
 */
class GroupPlacesQueryTest {
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");
  private static final int ROWS = 150_000;
  private static final QueryLimits MUCH = new QueryLimits(1L << 30, Duration.ofMinutes(1));
  private static final String SUMS =
      """
      {'type':'count','name':'rows'},
      {'type':'longSum','name':'clicks','fieldName':'clicks'},
      {'type':'doubleSum','name':'price','fieldName':'price'},
      {'type':'doubleMean','name':'mean','fieldName':'price'},
      {'type':'doubleSum','name':'wild','fieldName':'wild'},
      {'type':'longMin','name':'least','fieldName':'clicks'},
      {'type':'longMax','name':'most','fieldName':'clicks'},
      {'type':'longSum','name':'absent','fieldName':'absent'},
      {'type':'filtered','name':'some',
       'filter':{'type':'bound','dimension':'clicks','lower':'50','ordering':'numeric'},
       'aggregator':{'type':'doubleMax','name':'some','fieldName':'price'}}\
      """;
  private static final String FILTER =
      "'filter':{'type':'bound','dimension':'clicks','upper':'70','ordering':'numeric'},";

  @TempDir private static Path directory;
  private static SegmentReader segment;

  @BeforeAll
  static void write() {
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "sales",
                List.of(
                    new DimensionSpec("order", ColumnType.STRING),
                    new DimensionSpec("flag", ColumnType.STRING)),
                List.of(
                    new MetricSpec("clicks", MetricSpec.Aggregation.LONG_SUM),
                    new MetricSpec("price", MetricSpec.Aggregation.DOUBLE_SUM),
                    new MetricSpec("wild", MetricSpec.Aggregation.DOUBLE_SUM)),
                Granularity.DAY,
                Granularity.NONE,
                false));
    Random random = new Random(20_261_128);
    for (int i = 0; i < ROWS; i++) {
      Object[] values = {
        "o" + random.nextInt(20_000), random.nextInt(9) == 0 ? null : "f" + random.nextInt(2)
      };
      long[] metrics = {
        random.nextInt(100),
        Double.doubleToLongBits(random.nextInt(10_000) / 100.0),
        Double.doubleToLongBits(random.nextInt(1 << 20) / 1024.0)
      };
      boolean unused =
          index.add(
              new DataRow(
                  DAY.startMillis() + random.nextInt(86_400_000), values, metrics, new boolean[3]));
    }
    Path file = directory.resolve("segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      WrittenSegment unused = SegmentWriter.write(sorted, DAY, file);
    }
    segment = SegmentReader.open(file);
  }

  @AfterAll
  static void close() {
    segment.close();
  }

  @Test
  void placesAndTheIndexGiveTheSameGroups() {
    for (String filter : List.of("", FILTER)) {
      for (String granularity : List.of("all", "six_hour")) {
        AggregateQuery query = query("'order','flag'", granularity, filter, SUMS);
        Partial places = scan(query, MUCH);
        assertThat(isInOrder(places)).as("of places").isTrue();
        // Room for the index, but not for places.
        long bytes = granularity.equals("all") ? 22_000_000 : 60_000_000;
        Partial index = scan(query, new QueryLimits(bytes, Duration.ofMinutes(1)));
        assertThat(isInOrder(index)).as("of the index").isFalse();
        assertThat(json(query, places)).isEqualTo(json(query, index));
        assertThat(places.rowsMatched()).isEqualTo(index.rowsMatched());
      }
    }
  }

  @Test
  void groupsThatTakeTurnsHaveTheSumsOfThoseThatDoNot() {
    AggregateQuery turns = query("'flag'", "hour", FILTER, SUMS);
    AggregateQuery none =
        query(
            "'flag'",
            "hour",
            FILTER,
            SUMS + ",{'type':'stringLast','name':'last','fieldName':'order'}");
    String expected = json(none, scan(none, MUCH)).replaceAll(",\"last\":\"o[0-9]+\"", "");
    assertThat(json(turns, scan(turns, MUCH))).isEqualTo(expected);
  }

  private static boolean isInOrder(Partial partial) {
    int[] ids = partial.ids(0);
    return IntStream.range(1, partial.groupCount())
        .allMatch(
            group ->
                partial.timeMillis(group) != partial.timeMillis(group - 1)
                    || ids[group] >= ids[group - 1]);
  }

  private static Partial scan(AggregateQuery query, QueryLimits limits) {
    return QueryEngine.scan(query, segment, DAY, control(limits));
  }

  private static String json(AggregateQuery query, Partial partial) {
    return Answers.json(ResultBuilder.finish(query, partial, control(MUCH)));
  }

  private static QueryControl control(QueryLimits limits) {
    return QueryControl.start(InstantSource.system(), limits, QueryContext.EMPTY);
  }

  private static AggregateQuery query(
      String dimensions, String granularity, String filter, String aggregations) {
    return (AggregateQuery)
        Answers.parse(
            """
            {'queryType':'groupBy','dataSource':'sales','intervals':'2026-11-20/P1D',
             'granularity':'%s','dimensions':[%s],%s'aggregations':[%s]}
            """
                .formatted(granularity, dimensions, filter, aggregations));
  }
}
