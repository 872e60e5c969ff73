package io.starfire.serving.query.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
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
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.QueryEngine;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import io.starfire.serving.query.partial.PartialMerger;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.sample.Answers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans on several threads, slices, and groups on disk. Answers over random data: OracleTest. */
class ParallelScanTest {
  private static final long START = Times.parse("2026-11-20");
  private static final Interval DAY = Interval.parse("2026-11-20/P1D");
  private static final int ROWS = 30_000;
  private static final int ROWS_OF_PART = 2_000;
  private static final String GROUPS =
      """
      {'queryType':'groupBy','dataSource':'sales','intervals':'2026-11-20/P1D','granularity':'all',
       'dimensions':['part','flag'],%s
       'aggregations':[{'type':'count','name':'rows'},
         {'type':'doubleSum','name':'price','fieldName':'price'},
         {'type':'stringLast','name':'last','fieldName':'flag'}]}
      """;
  private static final String LIMIT =
      """
      'limitSpec':{'type':'default','limit':7,'offset':2,
        'columns':[{'dimension':'price','direction':'descending'}]},
      """;
  private static final QueryLimits MUCH = new QueryLimits(1L << 30, Duration.ofMinutes(1));

  @TempDir private static Path shared;
  private static List<NodePiece> pieces;
  private static ScanPool oneThread;
  private static ScanPool fourThreads;

  @TempDir private Path directory;
  private final AggregateQuery all = (AggregateQuery) Answers.parse(GROUPS.formatted(""));
  private final AggregateQuery limited = (AggregateQuery) Answers.parse(GROUPS.formatted(LIMIT));

  @BeforeAll
  static void start() {
    oneThread = new ScanPool(1);
    fourThreads = new ScanPool(4);
    pieces = new ArrayList<>();
    Random random = new Random(7);
    pieces.add(piece(index(random).snapshot()));
    pieces.add(piece(index(random).sortedSnapshot()));
    Path file = shared.resolve("segment");
    try (IndexedRows rows = index(random).sortedSnapshot()) {
      SegmentWriter.write(rows, DAY, file);
    }
    pieces.add(piece(SegmentReader.open(file)));
  }

  @AfterAll
  static void stop() {
    pieces.forEach(piece -> piece.source().rows().close());
    oneThread.close();
    fourThreads.close();
  }

  /** Prices whose sum depends on the order in which they are added. */
  private static IncrementalIndex index(Random random) {
    IncrementalIndex index =
        new IncrementalIndex(
            new DataSourceSchema(
                "sales",
                List.of(
                    new DimensionSpec("part", ColumnType.STRING),
                    new DimensionSpec("flag", ColumnType.STRING)),
                List.of(new MetricSpec("price", MetricSpec.Aggregation.DOUBLE_SUM)),
                Granularity.DAY,
                Granularity.NONE,
                false));
    for (int i = 0; i < ROWS / 3; i++) {
      Object[] values = {
        "part " + random.nextInt(5_000), random.nextInt(4) == 0 ? null : "f" + random.nextInt(3)
      };
      long price = Double.doubleToRawLongBits(random.nextDouble() / 3);
      boolean unused =
          index.add(
              new DataRow(
                  START + random.nextInt(86_400_000),
                  values,
                  new long[] {price},
                  new boolean[] {false}));
    }
    return index;
  }

  private static NodePiece piece(RowSet rows) {
    return new NodePiece(new RowSource("rows", DAY, rows, List.of(DAY)), false, e -> e);
  }

  private static QueryControl control(QueryLimits limits) {
    return QueryControl.start(InstantSource.system(), limits, QueryContext.EMPTY);
  }

  private SpillSpace space(long maxBytes, long spillAtBytes) {
    return new SpillSpace(directory.resolve("spill"), maxBytes, spillAtBytes);
  }

  private static Partial scan(
      AggregateQuery query, boolean alone, ScanPool pool, SpillSpace space, QueryControl control) {
    QueryResources resources = new QueryResources(pool, space, new PartialCache(0));
    try (QueryRun run =
        new QueryRun(control, resources, QueryContext.EMPTY).withPartsOf(ROWS_OF_PART)) {
      return ParallelScan.scan(query, pieces, alone, run);
    }
  }

  /** The answer as the engine gives it in one thread, row set by row set. */
  private static String expected(AggregateQuery query) {
    QueryControl control = control(MUCH);
    PartialMerger merger = new PartialMerger(query, control);
    for (NodePiece piece : pieces) {
      merger.add(QueryEngine.scan(query, piece.source().rows(), DAY, control));
    }
    return json(query, merger.merged(), control);
  }

  private static String json(AggregateQuery query, Partial merged, QueryControl control) {
    return Answers.json(ResultBuilder.finish(query, merged, control));
  }

  /** Sums of doubles differ in their last digits, if they are added in another order. */
  private static String rounded(String json) {
    return json.replaceAll("(\\.[0-9]{9})[0-9]+", "$1");
  }

  @Test
  void oneThreadAndFourGiveTheSameBytes() {
    // Slices are merged now and then, and stay in memory.
    SpillSpace never = space(0, 500_000);
    QueryControl control = control(MUCH);
    byte[] one = PartialCodec.write(scan(all, false, oneThread, never, control), control);
    byte[] four = PartialCodec.write(scan(all, false, fourThreads, never, control), control);
    assertThat(four).isEqualTo(one);
    assertThat(one.length).as("bytes of many groups").isGreaterThan(500_000);
  }

  @Test
  void theAnswerIsThatOfOneScanAfterTheOther() {
    QueryControl control = control(MUCH);
    Partial merged = scan(all, false, fourThreads, space(0, 500_000), control);
    assertThat(merged.rowsScanned()).isEqualTo(ROWS / 3 * 3);
    assertThat(rounded(json(all, merged, control))).isEqualTo(rounded(expected(all)));
  }

  @Test
  void ofAQueryWithALimitOnlyTheBestGroupsOfEachSliceAreLeft() {
    QueryControl control = control(MUCH);
    Partial best = scan(limited, true, fourThreads, space(0, 1 << 30), control);
    assertThat(best.groupCount()).isBetween(9, 9 * 32);
    assertThat(rounded(json(limited, best, control))).isEqualTo(rounded(expected(limited)));
    // Another node may have more of any group.
    assertThat(scan(limited, false, fourThreads, space(0, 1 << 30), control).groupCount())
        .isGreaterThan(10_000);
  }

  @Test
  void whatNodesFoundIsMergedInSlicesAndKeptWholeIfMoreComes() {
    for (boolean alone : List.of(true, false)) {
      QueryControl control = control(MUCH);
      QueryResources resources =
          new QueryResources(fourThreads, space(0, 1 << 30), new PartialCache(0));
      try (QueryRun run = new QueryRun(control, resources, QueryContext.EMPTY)) {
        List<Partial> found = new ArrayList<>();
        for (NodePiece piece : pieces) {
          found.add(ParallelScan.scan(limited, List.of(piece), false, run));
        }
        Partial merged = ParallelScan.merge(limited, found, alone, run);
        if (alone) {
          assertThat(merged.groupCount()).isLessThan(9 * 32 + 1);
        } else {
          assertThat(merged.groupCount()).isGreaterThan(10_000);
        }
        assertThat(rounded(json(limited, merged, control))).isEqualTo(rounded(expected(limited)));
      }
    }
  }

  @Test
  void groupsThatTakeTooMuchMemoryGoToDiskAndAreGoneInTheEnd() throws IOException {
    SpillSpace space = space(1 << 30, 0);
    QueryControl control = control(MUCH);
    Partial merged = scan(all, false, fourThreads, space, control);
    assertThat(space.writtenBytes()).isGreaterThan(500_000);
    assertThat(rounded(json(all, merged, control))).isEqualTo(rounded(expected(all)));
    assertThat(space.usedBytes()).isZero();
    try (Stream<Path> left = Files.list(directory.resolve("spill"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aQueryWithALimitNeedsNoMoreMemoryThanItsAccountHas() {
    // All groups would take some 2 MB, and more while arrays grow.
    QueryLimits little = new QueryLimits(2_000_000, Duration.ofMinutes(1));
    SpillSpace space = space(1 << 30, Long.MAX_VALUE);
    QueryControl control = control(little);
    Partial best = scan(limited, true, fourThreads, space, control);
    assertThat(space.writtenBytes()).isPositive();
    assertThat(rounded(json(limited, best, control))).isEqualTo(rounded(expected(limited)));
    assertThatThrownBy(() -> scan(limited, true, fourThreads, SpillSpace.none(), control(little)))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED));
  }

  @Test
  void beyondTheDiskTheQueryEndsWithASentenceAndLeavesNothing() throws IOException {
    SpillSpace space = space(100_000, 0);
    assertThatThrownBy(() -> scan(all, false, fourThreads, space, control(MUCH)))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
        .hasMessageContaining("nor the 100000 bytes that all queries may spill to disk");
    assertThat(space.usedBytes()).isZero();
    try (Stream<Path> left = Files.list(directory.resolve("spill"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatAnEarlierProcessLeftIsDeleted() throws IOException {
    Path left = directory.resolve("spill").resolve("run-7");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "groups");
    assertThat(space(1, 1).usedBytes()).isZero();
    assertThat(left).doesNotExist();
  }

  /**
   * Cancels a query at some of its looks at its reins, from the first on, so in each phase; and
   * says how often it looked when it was not cancelled.
   */
  private static int cancelled(Consumer<QueryControl> phase) {
    int looks = looks(Integer.MAX_VALUE, phase);
    for (int i = 0; i < 10; i++) {
      // Not the very last: one who waits for threads looks now and then, not always as often.
      int at = 1 + (int) ((long) looks * i / 11);
      assertThatThrownBy(() -> looks(at, phase))
          .as("cancelled at look %d of %d", at, looks)
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELED));
    }
    return looks;
  }

  private static int looks(int cancelAt, Consumer<QueryControl> phase) {
    AtomicInteger looks = new AtomicInteger();
    AtomicReference<QueryControl> control = new AtomicReference<>();
    InstantSource clock =
        () -> {
          if (control.get() != null && looks.incrementAndGet() == cancelAt) {
            control.get().cancel();
            // The next look finds it; there must be one.
            control.get().check();
          }
          return Instant.EPOCH;
        };
    control.set(QueryControl.start(clock, MUCH, QueryContext.EMPTY));
    phase.accept(control.get());
    return looks.get();
  }

  @Test
  void aCancelledQueryEndsInEachPhase() {
    QueryControl free = control(MUCH);
    List<Partial> partials = new ArrayList<>();
    for (NodePiece piece : pieces) {
      partials.add(QueryEngine.scan(all, piece.source().rows(), DAY, free));
    }
    Partial merged = QueryEngine.merge(all, partials, free);
    int rowsAtATime = RowSet.BLOCK_ROWS;
    assertThat(cancelled(control -> scan(all, false, fourThreads, space(0, 1 << 30), control)))
        .as("scan and merge by slices")
        .isGreaterThan(ROWS / rowsAtATime + merged.groupCount() / rowsAtATime);
    assertThat(cancelled(control -> scan(all, false, fourThreads, space(1 << 30, 0), control)))
        .as("with spilling")
        .isGreaterThan(ROWS / rowsAtATime + merged.groupCount() / rowsAtATime);
    assertThat(cancelled(control -> QueryEngine.merge(all, partials, control)))
        .as("merge")
        .isGreaterThan(merged.groupCount() / rowsAtATime);
    assertThat(cancelled(control -> ResultBuilder.finish(all, merged, control)))
        .as("order and finish")
        .isGreaterThan(2 * merged.groupCount() / rowsAtATime);
    assertThat(
            cancelled(
                control -> PartialCodec.read(all, PartialCodec.write(merged, control), control)))
        .as("write and read")
        .isGreaterThan(2 * (all.dimensions().size() + all.aggregations().size()));
  }
}
