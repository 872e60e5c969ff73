package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentEdgesTest {
  private static final long TEN = RandomRows.HOUR.startMillis();

  @TempDir Path directory;

  @Test
  void aSegmentWithoutRowsIsASegment() {
    try (SegmentReader reader = write()) {
      assertThat(reader.rowCount()).isZero();
      assertThat(reader.timeRange().isEmpty()).isTrue();
      assertThat(reader.interval()).isEqualTo(RandomRows.HOUR);
      assertThat(((StringColumn) reader.column("s")).cardinality()).isZero();
      assertThat(((StringColumn) reader.column("s")).idOf("a")).isNegative();
      assertThat(reader.column("nothing")).isNull();
    }
  }

  @Test
  void emptyStringAndNullAreDifferentValues() {
    try (SegmentReader reader = write("", null, "a", null)) {
      StringColumn column = (StringColumn) reader.column("s");
      assertThat(column.cardinality()).isEqualTo(3);
      assertThat(column.value(0)).isNull();
      assertThat(column.value(1)).isEmpty();
      assertThat(column.rowsOf(0).getLongCardinality()).isEqualTo(2);
      assertThat(column.idOf("")).isEqualTo(1);
    }
  }

  @Test
  void aColumnOfNothingButNullsHasTheOneValueNull() {
    try (SegmentReader reader = write((Object) null)) {
      StringColumn column = (StringColumn) reader.column("s");
      assertThat(column.cardinality()).isEqualTo(1);
      assertThat(column.value(0)).isNull();
      assertThat(column.idOf("")).isNegative();
      LongColumn sum = (LongColumn) reader.column("sum");
      assertThat(sum.hasNulls()).isTrue();
      assertThat(sum.minValue()).isEqualTo(Long.MIN_VALUE);
    }
  }

  @Test
  void valuesAreInTheOrderOfTheirUtf8Bytes() {
    String rocket = "\ud83d\ude80";
    String fullWidth = "\uff5e";
    assertThat(rocket.compareTo(fullWidth)).isNegative();
    try (SegmentReader reader = write(rocket, fullWidth, "z", "\u00e9")) {
      StringColumn column = (StringColumn) reader.column("s");
      assertThat(List.of(0, 1, 2, 3))
          .extracting(column::value)
          .containsExactly("z", "\u00e9", fullWidth, rocket);
      assertThat(column.idOf(rocket)).isEqualTo(3);
    }
  }

  @Test
  void halfASurrogatePairIsReplacedEverywhereAndDoesNotMeetAQuestionMark() {
    try (SegmentReader reader = write("a\ud83d", "a?")) {
      StringColumn column = (StringColumn) reader.column("s");
      assertThat(column.cardinality()).isEqualTo(2);
      assertThat(column.idOf("a?")).isZero();
      assertThat(column.idOf("a\ud83d")).isEqualTo(1);
      assertThat(column.value(1)).isEqualTo("a\ufffd");
    }
  }

  @Test
  void aHundredThousandValuesAreFoundAgain() {
    Object[] values = new Object[100_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = "value-" + Integer.toString(i * 7919, 36);
    }
    try (SegmentReader reader = write(values)) {
      StringColumn column = (StringColumn) reader.column("s");
      assertThat(column.cardinality()).isEqualTo(100_000);
      for (int i = 0; i < values.length; i += 97) {
        int id = column.idOf((String) values[i]);
        assertThat(column.value(id)).isEqualTo(values[i]);
        assertThat(column.rowsOf(id).getLongCardinality()).isEqualTo(1);
      }
      reader.verify();
    }
    assertThat(SegmentCheck.check(directory.resolve("edge.segment")).problems()).isEmpty();
  }

  @Test
  void extremeNumbersComeBackBitForBit() {
    DataSourceSchema schema = schema(false);
    IncrementalIndex index = new IncrementalIndex(schema);
    long[] longs = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1L << 62};
    double[] doubles = {
      Double.NaN, -0.0, 0.0, Double.NEGATIVE_INFINITY, Double.longBitsToDouble(0x7ff8000000000123L)
    };
    for (int i = 0; i < longs.length; i++) {
      index.add(
          new DataRow(
              TEN + i,
              new Object[] {"a"},
              new long[] {0, longs[i], Double.doubleToRawLongBits(doubles[i])},
              null));
    }
    try (SegmentReader reader = write(index)) {
      long[] readLongs = new long[5];
      ((LongColumn) reader.column("sum")).read(0, 5, readLongs);
      assertThat(readLongs).containsExactly(longs);
      double[] readDoubles = new double[5];
      ((DoubleColumn) reader.column("total")).read(0, 5, readDoubles);
      assertThat(Arrays.stream(readDoubles).mapToLong(Double::doubleToRawLongBits))
          .containsExactlyElementsOf(
              Arrays.stream(doubles).mapToLong(Double::doubleToRawLongBits).boxed().toList());
    }
  }

  @Test
  void aReaderStaysReadableUntilItsOwnCloseAndIsAnErrorAfterIt() {
    SegmentReader first = write("a", "b");
    SegmentReader second = first.tryShare().orElseThrow();
    first.close();
    first.close();
    int[] ids = new int[2];
    ((StringColumn) second.column("s")).readIds(0, 2, ids);
    assertThat(ids).containsExactly(0, 1);
    StringColumn late = (StringColumn) second.column("s");
    second.close();
    assertThatThrownBy(() -> late.readIds(0, 1, ids)).hasMessageContaining("after it was closed");
    assertThatThrownBy(() -> late.value(0)).hasMessageContaining("after it was closed");
    assertThat(first.tryShare()).isEmpty();
  }

  @Test
  void rowsOutsideTheIntervalAreRefusedAndLeaveNoFile() throws Exception {
    IncrementalIndex index = new IncrementalIndex(schema(true));
    index.add(new DataRow(TEN - 1, new Object[] {"a"}, new long[3], null));
    assertThatThrownBy(() -> write(index))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("outside the segment's interval 2026-11-20T10:00:00.000Z/");
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void piecesOfAnotherSchemaAreRefused() {
    IncrementalIndex index = new IncrementalIndex(schema(true));
    try (IndexedRows rows = index.sortedSnapshot()) {
      assertThatThrownBy(
              () ->
                  SegmentMerger.merge(
                      RandomRows.schema(Granularity.MINUTE, true),
                      RandomRows.HOUR,
                      List.of(rows),
                      directory.resolve("x")))
          .hasMessageContaining("only pieces of one schema can be merged");
    }
  }

  @Test
  void rowsThatAreNotSortedAreRefused() {
    IncrementalIndex index = new IncrementalIndex(schema(false));
    index.add(new DataRow(TEN + 5, new Object[] {"a"}, new long[3], null));
    index.add(new DataRow(TEN, new Object[] {"a"}, new long[3], null));
    try (IndexedRows rows = index.snapshot()) {
      assertThatThrownBy(() -> SegmentWriter.write(rows, RandomRows.HOUR, directory.resolve("x")))
          .hasMessageContaining("pieces must be sorted");
    }
  }

  @Test
  void infoTellsRowsBytesAndEncodings() {
    write("a", "b", "b").close();
    SegmentInfo info = SegmentInfo.of(directory.resolve("edge.segment"));
    assertThat(info.rows()).isEqualTo(3);
    assertThat(info.columns())
        .extracting(SegmentInfo.ColumnInfo::name)
        .containsExactly("__time", "s", "count", "sum", "total");
    assertThat(info.columns().get(2).blocksByEncoding()).containsEntry("constant", 1);
    assertThat(info.toText()).contains("rows       3").contains("constant=1");
    assertThat(info.toJson()).contains("\"interval\":\"2026-11-20T10:00:00.000Z/");
  }

  private SegmentReader write(Object... strings) {
    IncrementalIndex index = new IncrementalIndex(schema(false));
    for (int i = 0; i < strings.length; i++) {
      index.add(
          new DataRow(
              TEN + i, new Object[] {strings[i]}, new long[3], new boolean[] {false, true, true}));
    }
    return write(index);
  }

  private SegmentReader write(IncrementalIndex index) {
    Path file = directory.resolve("edge.segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, RandomRows.HOUR, file);
    }
    return SegmentReader.open(file);
  }

  private static DataSourceSchema schema(boolean rollup) {
    return new DataSourceSchema(
        "edges",
        List.of(new DimensionSpec("s", ColumnType.STRING)),
        List.of(
            new MetricSpec("count", MetricSpec.Aggregation.COUNT),
            new MetricSpec("sum", MetricSpec.Aggregation.LONG_SUM),
            new MetricSpec("total", MetricSpec.Aggregation.DOUBLE_SUM)),
        Granularity.HOUR,
        Granularity.NONE,
        rollup);
  }

  @Test
  void anIntervalOfAnotherSegmentIsNotTakenFromTheRows() {
    IncrementalIndex index = new IncrementalIndex(schema(true));
    index.add(new DataRow(TEN + 7, new Object[] {"a"}, new long[3], null));
    try (SegmentReader reader = write(index)) {
      assertThat(reader.timeRange()).isEqualTo(new Interval(TEN + 7, TEN + 8));
      assertThat(reader.interval()).isEqualTo(RandomRows.HOUR);
      assertThat(reader.time().minValue()).isEqualTo(TEN + 7);
    }
  }
}
