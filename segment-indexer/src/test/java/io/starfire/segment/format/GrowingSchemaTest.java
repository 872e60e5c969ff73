package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.NaiveRows;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dimensions that come while rows are being added. */
class GrowingSchemaTest {
  private static final int MOST = 8;
  private static final int ROWS = 4_000;

  @TempDir Path directory;

  private static DataSourceSchema schema(int dimensions, boolean rollup) {
    List<DimensionSpec> specs = new ArrayList<>();
    for (int i = 0; i < dimensions; i++) {
      specs.add(new DimensionSpec("d" + i, ColumnType.STRING));
    }
    return new DataSourceSchema(
        "growing",
        specs,
        List.of(
            new MetricSpec("count", Aggregation.COUNT),
            new MetricSpec("sum", Aggregation.LONG_SUM)),
        Granularity.HOUR,
        Granularity.MINUTE,
        rollup);
  }

  /** A row of some width, which a wider one with nulls equals. */
  private static DataRow row(Random random, int width) {
    Object[] dimensions = new Object[width];
    for (int i = 0; i < width; i++) {
      int choice = random.nextInt(6);
      dimensions[i] =
          switch (choice) {
            case 0, 1, 2 -> null;
            case 3 -> List.of("x", "y" + random.nextInt(2));
            default -> "v" + choice;
          };
    }
    long time = RandomRows.HOUR.startMillis() + random.nextInt(3) * 60_000L;
    return new DataRow(time, dimensions, new long[] {0, random.nextInt(10)}, null);
  }

  private static DataRow padded(DataRow row) {
    Object[] dimensions = new Object[MOST];
    for (int i = 0; i < row.dimensionCount(); i++) {
      dimensions[i] = row.dimension(i);
    }
    return new DataRow(row.timeMillis(), dimensions, new long[] {0, row.longMetric(1)}, null);
  }

  private static int widthAt(int row) {
    return Math.min(MOST, row * (MOST + 1) / ROWS);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void earlierAndNarrowerRowsAreNullInLaterDimensions(boolean rollup) {
    Random random = new RandomRows(81).random();
    IncrementalIndex index = IncrementalIndex.growing(schema(0, rollup));
    NaiveRows naive = new NaiveRows(schema(MOST, rollup));
    IndexedRows early = null;
    List<List<Object>> seenEarly = List.of();
    for (int i = 0; i < ROWS; i++) {
      index.grow(schema(widthAt(i), rollup));
      DataRow row = row(random, random.nextInt(widthAt(i) + 1));
      index.add(row);
      naive.add(padded(row));
      if (i == ROWS / 2) {
        early = index.snapshot();
        seenEarly = NaiveRows.read(early, 1024);
      }
    }
    assertThat(index.rowCount()).isEqualTo(naive.rows().size());
    try (IndexedRows rows = index.snapshot();
        IndexedRows sorted = index.sortedSnapshot()) {
      assertThat(NaiveRows.read(rows, 1024)).isEqualTo(naive.rows());
      assertThat(NaiveRows.read(sorted, 1024)).isEqualTo(naive.sorted());
      Path file = directory.resolve("a.segment");
      SegmentWriter.write(sorted, RandomRows.HOUR, file);
      try (SegmentReader reader = SegmentReader.open(file)) {
        assertThat(NaiveRows.read(reader, 1024)).isEqualTo(naive.sorted());
      }
    }
    assertThat(early.columnNames()).contains("d2").doesNotContain("d7");
    assertThat(NaiveRows.read(early, 1024)).as("a snapshot stays as it was").isEqualTo(seenEarly);
    early.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void piecesOfDifferentWidthsBecomeOneSegment(boolean rollup) {
    Random random = new RandomRows(82).random();
    NaiveRows naive = new NaiveRows(schema(MOST, rollup));
    AtomicReference<DataSourceSchema> now = new AtomicReference<>(schema(0, rollup));
    Path file = directory.resolve("a.segment");
    try (SegmentBuilder builder =
        SegmentBuilder.growing(
            now::get, RandomRows.HOUR, new SpillLimits(200, 1L << 30), directory)) {
      for (int i = 0; i < ROWS; i++) {
        now.set(schema(widthAt(i), rollup));
        DataRow row = row(random, random.nextInt(widthAt(i) + 1));
        builder.add(row);
        naive.add(padded(row));
      }
      assertThat(builder.spills()).isGreaterThan(3);
      assertThat(builder.finish(file).eventCount()).isEqualTo(ROWS);
    }
    try (SegmentReader reader = SegmentReader.open(file)) {
      reader.verify();
      // Equal rows of different pieces may change places.
      assertThat(texts(NaiveRows.read(reader, 1024))).isEqualTo(texts(naive.sorted()));
    }
  }

  private static List<String> texts(List<List<Object>> rows) {
    return rows.stream().map(List::toString).sorted().toList();
  }

  @Test
  void aSchemaThatIsNoExtensionIsRefused() {
    IncrementalIndex index = IncrementalIndex.growing(schema(2, true));
    DataSourceSchema other =
        new DataSourceSchema(
            "growing",
            List.of(new DimensionSpec("d1", ColumnType.STRING)),
            index.schema().metrics(),
            Granularity.HOUR,
            Granularity.MINUTE,
            true);
    assertThatThrownBy(() -> index.grow(other))
        .isInstanceOf(StarfireException.class)
        .hasMessageStartingWith("an index of data source 'growing' with dimensions [")
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
    index.grow(schema(1, true));
    assertThat(index.schema()).isEqualTo(schema(2, true));
    assertThatThrownBy(() -> new IncrementalIndex(schema(1, true)).grow(schema(2, true)))
        .isInstanceOf(StarfireException.class);
    assertThatThrownBy(() -> index.add(row(new Random(1), 3)))
        .hasMessage(
            "a row of data source 'growing' must have 2 dimensions and 2 metrics, got 3 and 2");
    assertThat(Arrays.asList(index.rowCount(), (int) index.eventCount())).containsExactly(0, 0);
  }
}
