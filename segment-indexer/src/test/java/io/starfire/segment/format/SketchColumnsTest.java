package io.starfire.segment.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.column.BytesColumn;
import io.starfire.segment.column.Column;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.RowSet;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.sketch.HllSketches;
import io.starfire.segment.sketch.QuantilesSketches;
import io.starfire.segment.sketch.SketchSpec;
import io.starfire.segment.sketch.ThetaSketches;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.io.TempDir;

/** Metrics that are sketches, from the first event to a merged segment. */
@DisabledIf("io.starfire.segment.sketch.SketchLibrary#isMissing")
class SketchColumnsTest {
  private static final long HOUR = Times.parse("2026-11-20T10");
  private static final Interval BUCKET = new Interval(HOUR, HOUR + 3_600_000);

  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema(
          "visits",
          List.of(new DimensionSpec("page", ColumnType.STRING)),
          List.of(
              new MetricSpec("events", Aggregation.COUNT),
              new MetricSpec("users", Aggregation.HLL_SKETCH_BUILD, Map.of("lgK", 14)),
              new MetricSpec("userSet", Aggregation.THETA_SKETCH, Map.of("size", 4096)),
              new MetricSpec("latency", Aggregation.QUANTILES_DOUBLES_SKETCH),
              new MetricSpec("unique", Aggregation.HYPER_UNIQUE)),
          Granularity.HOUR,
          Granularity.HOUR,
          true);

  @TempDir Path directory;

  /** What a page saw, as exact sets. */
  private static final class Exact {
    private long events;
    private final Set<String> users = new HashSet<>();
    private final List<Double> latencies = new ArrayList<>();
  }

  private final Map<String, Exact> exact = new TreeMap<>();

  private DataRow event(Random random) {
    String page = "p" + random.nextInt(5);
    String user = random.nextInt(10) == 0 ? null : "u" + random.nextInt(300);
    Double latency = random.nextInt(10) == 0 ? null : random.nextInt(100) / 4.0;
    Exact own = exact.computeIfAbsent(page, unused -> new Exact());
    own.events++;
    if (user != null) {
      own.users.add(user);
    }
    if (latency != null) {
      own.latencies.add(latency);
    }
    return new DataRow(
        HOUR + random.nextInt(3_600_000),
        new Object[] {page},
        new long[5],
        null,
        new Object[] {null, user, user == null ? null : List.of(user), latency, user});
  }

  @Test
  void sketchesAreRolledUpStoredAndMerged() {
    Random random = new Random(20261128);
    DataRowCodec codec = DataRowCodec.of(SCHEMA);
    List<IndexedRows> pieces = new ArrayList<>();
    for (int piece = 0; piece < 3; piece++) {
      IncrementalIndex index = new IncrementalIndex(SCHEMA);
      for (int i = 0; i < 1_000; i++) {
        // As it comes over the topic of the data source.
        index.add(codec.decode(codec.encode(event(random))));
      }
      try (IndexedRows sorted = index.sortedSnapshot()) {
        Path file = directory.resolve(piece + ".segment");
        SegmentWriter.write(sorted, BUCKET, file);
        assertThat(SegmentCheck.check(file).problems()).isEmpty();
        pieces.add(SegmentReader.open(file));
      }
    }
    Path merged = directory.resolve("merged.segment");
    SegmentMerger.merge(SCHEMA, BUCKET, pieces, merged);
    pieces.forEach(IndexedRows::close);
    assertThat(SegmentCheck.check(merged).problems()).isEmpty();
    assertThat(SegmentInfo.of(merged).toText()).contains("COMPLEX").contains("bytes");
    try (SegmentReader reader = SegmentReader.open(merged)) {
      assertThat(reader.schema()).isEqualTo(SCHEMA);
      checkRows(reader);
    }
  }

  @Test
  void sketchesOfRowsThatWereSpilledComeBack() {
    Random random = new Random(11);
    Path file = directory.resolve("spilled.segment");
    try (SegmentBuilder builder =
        new SegmentBuilder(SCHEMA, BUCKET, SpillLimits.DEFAULT, directory.resolve("spill"))) {
      for (int i = 0; i < 1_200; i++) {
        builder.add(event(random));
        if (i % 400 == 399) {
          builder.spill();
        }
      }
      builder.add(event(random));
      builder.finish(file);
    }
    assertThat(SegmentCheck.check(file).problems()).isEmpty();
    try (SegmentReader reader = SegmentReader.open(file)) {
      checkRows(reader);
    }
  }

  @Test
  void aSnapshotKeepsItsSketchesWhileEventsAreAdded() {
    Random random = new Random(7);
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (int i = 0; i < 500; i++) {
      index.add(event(random));
    }
    long bytes = index.estimatedBytes();
    try (IndexedRows before = index.snapshot()) {
      Map<String, Exact> then = new HashMap<>(exact);
      exact.clear();
      for (int i = 0; i < 500; i++) {
        index.add(event(random));
        if (i % 100 == 0) {
          try (IndexedRows now = index.snapshot()) {
            assertThat(now.rowCount()).isEqualTo(5);
            sketches(now, "users");
          }
        }
      }
      exact.clear();
      exact.putAll(then);
      checkRows(before);
    }
    assertThat(index.estimatedBytes()).isGreaterThan(10_000).isLessThan(20 * bytes);
  }

  private void checkRows(IndexedRows rows) {
    StringColumn pages = (StringColumn) rows.column("page");
    int[] ids = new int[rows.rowCount()];
    pages.readIds(0, ids.length, ids);
    long[] events = new long[ids.length];
    ((LongColumn) rows.column("events")).read(0, ids.length, events);
    byte[][] users = sketches(rows, "users");
    byte[][] userSets = sketches(rows, "userSet");
    byte[][] latencies = sketches(rows, "latency");
    byte[][] uniques = sketches(rows, "unique");
    assertThat(ids).hasSize(exact.size());
    for (int row = 0; row < ids.length; row++) {
      Exact own = exact.get(pages.value(ids[row]));
      int count = own.users.size();
      assertThat(events[row]).isEqualTo(own.events);
      assertThat(HllSketches.estimate(users[row])).isEqualTo(count, within(0.05));
      assertThat(HllSketches.estimate(uniques[row])).isEqualTo(count, within(0.05));
      assertThat(ThetaSketches.estimate(userSets[row])).isEqualTo(count);
      assertThat(QuantilesSketches.count(latencies[row])).isEqualTo(own.latencies.size());
      assertThat(QuantilesSketches.quantiles(latencies[row], new double[] {0, 1}))
          .containsExactly(
              own.latencies.stream().min(Double::compare).orElseThrow(),
              own.latencies.stream().max(Double::compare).orElseThrow());
    }
  }

  private static byte[][] sketches(RowSet rows, String column) {
    byte[][] sketches = new byte[rows.rowCount()][];
    ((BytesColumn) rows.column(column)).read(0, sketches.length, sketches);
    return sketches;
  }

  @Test
  void sketchesCountAgainstTheLimitOfRowsThatAreSortedAtTheEnd() throws IOException {
    Path spill = directory.resolve("spill");
    Path file = directory.resolve("large.segment");
    try (SegmentBuilder builder =
        new SegmentBuilder(SCHEMA, BUCKET, new SpillLimits(20, 4 << 20), spill)) {
      // 16 KB each: 60 rows take less than a quarter of the limit, and 80 do not.
      for (int row = 0; row < 100; row++) {
        String page = "page " + row;
        List<String> users = IntStream.range(0, 2_000).mapToObj(i -> page + i).toList();
        builder.add(
            new DataRow(
                HOUR,
                new Object[] {page},
                new long[5],
                null,
                new Object[] {null, null, users, null, null}));
      }
      int pieces = 0;
      try (Stream<Path> files = Files.list(spill)) {
        for (Path one : files.toList()) {
          pieces += new String(Files.readAllBytes(one), ISO_8859_1).startsWith("STARSEG") ? 1 : 0;
        }
      }
      assertThat(pieces).as("files that are merged and not held").isEqualTo(1);
      builder.finish(file);
    }
    assertThat(SegmentCheck.check(file).problems()).isEmpty();
    try (SegmentReader reader = SegmentReader.open(file)) {
      assertThat(reader.rowCount()).isEqualTo(100);
    }
  }

  @Test
  void rowsWithoutInputsHaveNoSketch() {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    Object[] page = {"p"};
    index.add(new DataRow(HOUR, page, new long[5], null, null));
    index.add(new DataRow(HOUR, new Object[] {"q"}, new long[5], null, new Object[5]));
    Path file = directory.resolve("empty.segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, BUCKET, file);
    }
    try (SegmentReader reader = SegmentReader.open(file)) {
      assertThat(Arrays.asList(sketches(reader, "users"))).containsExactly(null, null);
      assertThat(((BytesColumn) reader.column("users")).hasNulls()).isTrue();
      assertThat(((BytesColumn) reader.column("latency")).typeName())
          .isEqualTo("quantilesDoublesSketch");
    }
  }

  @Test
  void whatIsNoSketchIsRefusedAtTheDoor() {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    byte[] theta = SketchSpec.of("thetaSketch", Map.of()).newBuilder().toBytes();
    for (Object bad : new Object[] {theta, new byte[3], new byte[0]}) {
      assertThatThrownBy(
              () ->
                  index.add(
                      new DataRow(
                          HOUR,
                          new Object[] {"p"},
                          new long[5],
                          null,
                          new Object[] {null, bad, null, null, null})))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessageContaining("a sketch of type HLLSketch is damaged");
    }
    assertThat(index.rowCount()).isZero();
  }

  @Test
  void everyCutOfASketchIsAnErrorAndNoFlippedByteEndsTheProcess() {
    Random random = new Random(3);
    for (String type :
        List.of("HLLSketchBuild", "thetaSketch", "quantilesDoublesSketch", "hyperUnique")) {
      SketchSpec spec = SketchSpec.of(type, Map.of());
      for (int values : new int[] {1, 5, 100, 20_000}) {
        var builder = spec.newBuilder();
        for (int i = 0; i < values; i++) {
          builder.addLong(random.nextLong());
        }
        byte[] good = builder.toBytes();
        spec.check(good);
        for (int i = 0; i < 40; i++) {
          byte[] cut = Arrays.copyOf(good, random.nextInt(good.length));
          assertThatThrownBy(() -> spec.newBuilder().addSketch(cut))
              .as("%s of %d values cut to %d bytes", type, values, cut.length)
              .isInstanceOf(StarfireException.class);
          byte[] flipped = good.clone();
          flipped[random.nextInt(Math.min(40, good.length))] ^= (byte) (1 + random.nextInt(255));
          try {
            spec.newBuilder().addSketch(flipped);
          } catch (StarfireException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
          }
        }
      }
    }
  }

  @Test
  void theCheckNamesTheRowOfADamagedSketch() {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    index.add(event(new Random(1)));
    Path file = directory.resolve("damaged.segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(new Spoilt(sorted), BUCKET, file);
    }
    assertThat(SegmentCheck.check(file).problems())
        .hasSize(1)
        .first()
        .asString()
        .startsWith("metric 'users', row 0: a sketch of type HLLSketch is damaged: it has 3 bytes");
  }

  /** Rows whose HLL sketches are not any. */
  private record Spoilt(IndexedRows rows) implements IndexedRows {
    @Override
    public Column column(String name) {
      return name.equals("users") ? new Rubbish() : rows.column(name);
    }

    @Override
    public DataSourceSchema schema() {
      return rows.schema();
    }

    @Override
    public long eventCount() {
      return rows.eventCount();
    }

    @Override
    public int rowCount() {
      return rows.rowCount();
    }

    @Override
    public Interval timeRange() {
      return rows.timeRange();
    }

    @Override
    public boolean sortedByTime() {
      return rows.sortedByTime();
    }

    @Override
    public List<String> columnNames() {
      return rows.columnNames();
    }

    @Override
    public LongColumn time() {
      return rows.time();
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  private record Rubbish() implements BytesColumn {
    @Override
    public String typeName() {
      return "HLLSketch";
    }

    @Override
    public boolean hasNulls() {
      return false;
    }

    @Override
    public void read(int from, int count, byte[][] out) {
      Arrays.fill(out, 0, count, new byte[] {1, 2, 3});
    }
  }
}
