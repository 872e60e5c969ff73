package io.starfire.serving.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.format.SegmentReader;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random queries over live snapshots, segment files and mixes of them, against a naive engine. */
class StoredRowsOracleTest {
  private static final Interval COVERED =
      new Interval(RandomQueries.START, RandomQueries.START + 3 * 3_600_000);

  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);

  @TempDir private Path directory;

  @Test
  void liveSnapshotsAndSegmentsAnswerLikeTheNaiveEngine() {
    long seed = Long.getLong("starfire.seed", 20_261_122L);
    System.out.println("-Dstarfire.seed=" + seed);
    Random random = new Random(seed);
    RandomQueries queries = new RandomQueries(random);
    for (int round = 0; round < 8; round++) {
      List<SampleRow> all = new ArrayList<>();
      List<RowSet> rowSets = new ArrayList<>();
      for (int i = random.nextInt(3); i >= 0; i--) {
        List<SampleRow> rows = queries.rows(random.nextInt(random.nextBoolean() ? 12_000 : 20));
        all.addAll(rows);
        rowSets.add(rowSet(index(rows, false), random.nextInt(3), round + "-" + i));
      }
      for (int i = 0; i < 30; i++) {
        AggregateQuery query = queries.query();
        assertThat(answer(query, rowSets))
            .as("seed %d round %d query %d: %s", seed, round, i, query)
            .isEqualTo(NaiveEngine.answer(query, all));
      }
      rowSets.forEach(RowSet::close);
    }
  }

  @Test
  void sumsAreTheSameWithRollup() {
    long seed = Long.getLong("starfire.seed", 20_261_123L);
    System.out.println("-Dstarfire.seed=" + seed);
    Random random = new Random(seed);
    RandomQueries queries = new RandomQueries(random);
    List<SampleRow> rows = queries.rows(4_000);
    List<SampleRow> cut = rows.stream().map(StoredRowsOracleTest::withoutRatio).toList();
    for (int kind = 0; kind < 3; kind++) {
      try (RowSet rowSet = rowSet(index(cut, true), kind, "rollup-" + kind)) {
        for (int i = 0; i < 40; i++) {
          AggregateQuery query = sumsOnly(queries.query());
          assertThat(answer(query, List.of(rowSet)))
              .as("seed %d kind %d query %d: %s", seed, kind, i, query)
              .isEqualTo(NaiveEngine.answer(query, cut));
        }
      }
    }
  }

  /** Fewer distinct rows, and times cut to the minute, so that many rows become one. */
  private static SampleRow withoutRatio(SampleRow row) {
    Map<String, Object> values = new LinkedHashMap<>(row.values());
    values.put("ratio", null);
    return new SampleRow(Granularity.MINUTE.bucketStart(row.timeMillis()), values);
  }

  private static AggregateQuery sumsOnly(AggregateQuery query) {
    List<Aggregation> sums =
        List.of(
            new Aggregation(Aggregation.Kind.LONG_SUM, "clicks", "clicks"),
            new Aggregation(Aggregation.Kind.DOUBLE_SUM, "revenue", "revenue"));
    return query instanceof TimeseriesQuery series
        ? new TimeseriesQuery(
            series.dataSource(),
            series.intervals(),
            series.granularity(),
            series.filter(),
            sums,
            List.of(),
            series.descending(),
            series.limit(),
            series.context())
        : new GroupByQuery(
            query.dataSource(),
            query.intervals(),
            query.granularity(),
            query.dimensions(),
            query.filter(),
            sums,
            List.of(),
            null,
            LimitSpec.NONE,
            query.context());
  }

  private RowSet rowSet(IncrementalIndex index, int kind, String name) {
    if (kind == 0) {
      return index.snapshot();
    }
    if (kind == 1) {
      return index.sortedSnapshot();
    }
    Path file = directory.resolve(name + ".segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, COVERED, file);
    }
    return SegmentReader.open(file);
  }

  private static IncrementalIndex index(List<SampleRow> rows, boolean rollup) {
    DataSourceSchema schema =
        new DataSourceSchema(
            "ads",
            List.of(
                new DimensionSpec("text", ColumnType.STRING),
                new DimensionSpec("tags", ColumnType.STRING),
                new DimensionSpec("size", ColumnType.LONG),
                new DimensionSpec("ratio", ColumnType.DOUBLE)),
            List.of(
                new MetricSpec("clicks", MetricSpec.Aggregation.LONG_SUM),
                new MetricSpec("revenue", MetricSpec.Aggregation.DOUBLE_SUM)),
            Granularity.DAY,
            rollup ? Granularity.MINUTE : Granularity.NONE,
            rollup);
    IncrementalIndex index = new IncrementalIndex(schema);
    for (SampleRow row : rows) {
      Long clicks = (Long) row.value("clicks");
      Double revenue = (Double) row.value("revenue");
      index.add(
          new DataRow(
              row.timeMillis(),
              new Object[] {
                row.value("text"), row.value("tags"), row.value("size"), row.value("ratio")
              },
              new long[] {
                clicks == null ? 0 : clicks,
                revenue == null ? 0 : Double.doubleToRawLongBits(revenue)
              },
              new boolean[] {clicks == null, revenue == null}));
    }
    return index;
  }

  private QueryResult answer(AggregateQuery query, List<RowSet> rowSets) {
    List<Partial> partials = new ArrayList<>();
    for (RowSet rows : rowSets) {
      partials.add(QueryEngine.scan(query, rows, Interval.ETERNITY, control));
    }
    return QueryEngine.finish(query, QueryEngine.merge(query, partials, control), control);
  }
}
