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
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.BlockSummaries;
import io.starfire.segment.column.DoubleColumn;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummariesTest {
  private static final int ROWS = 2 * SegmentFormat.BLOCK_ROWS + 1_000;
  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema(
          "events",
          List.of(new DimensionSpec("city", ColumnType.STRING)),
          List.of(
              new MetricSpec("clicks", Aggregation.LONG_SUM),
              new MetricSpec("price", Aggregation.DOUBLE_SUM)),
          Granularity.HOUR,
          Granularity.NONE,
          false);

  private final Random random = new RandomRows(20_261_128).random();

  @TempDir private Path directory;

  @Test
  void summariesSayWhatTheBlocksHold() {
    try (SegmentReader reader =
        write(() -> random.nextInt(2_000) - 500, () -> bits(random.nextInt(100_000) / 100.0))) {
      LongColumn clicks = (LongColumn) reader.column("clicks");
      DoubleColumn price = (DoubleColumn) reader.column("price");
      StringColumn city = (StringColumn) reader.column("city");
      long[] longs = new long[ROWS];
      long[] scaled = new long[ROWS];
      double[] doubles = new double[ROWS];
      int[] ids = new int[ROWS];
      boolean[] nulls = new boolean[ROWS];
      clicks.read(0, ROWS, longs);
      clicks.readNulls(0, ROWS, nulls);
      price.read(0, ROWS, doubles);
      price.readScaled(0, ROWS, scaled);
      city.readIds(0, ROWS, ids);
      assertThat(price.summaries().scale()).isEqualTo(2);
      for (int block = 0; block < 3; block++) {
        int end = Math.min(ROWS, (block + 1) * SegmentFormat.BLOCK_ROWS);
        long smallest = Long.MAX_VALUE;
        long largest = Long.MIN_VALUE;
        long sum = 0;
        int nullRows = 0;
        long largestPrice = Long.MIN_VALUE;
        int smallestId = Integer.MAX_VALUE;
        for (int row = block * SegmentFormat.BLOCK_ROWS; row < end; row++) {
          if (nulls[row]) {
            nullRows++;
          } else {
            smallest = Math.min(smallest, longs[row]);
            largest = Math.max(largest, longs[row]);
            sum += longs[row];
          }
          assertThat(scaled[row] / 100.0).isEqualTo(doubles[row]);
          largestPrice = Math.max(largestPrice, scaled[row]);
          smallestId = Math.min(smallestId, ids[row]);
        }
        assertThat(clicks.summaries().smallest(block)).isEqualTo(smallest);
        assertThat(clicks.summaries().largest(block)).isEqualTo(largest);
        assertThat(clicks.summaries().sum(block)).isEqualTo(sum);
        assertThat(clicks.summaries().nulls(block)).isEqualTo(nullRows);
        assertThat(price.summaries().largestDouble(block)).isEqualTo(largestPrice / 100.0);
        assertThat(city.summaries().smallest(block)).isEqualTo(smallestId);
      }
      for (int i = 0; i < 300; i++) {
        int from = random.nextInt(ROWS);
        int to = i % 3 == 0 ? ROWS : from + random.nextInt(ROWS - from);
        long sum = 0;
        long sumScaled = 0;
        for (int row = i % 5 == 0 ? 0 : from; row < to; row++) {
          sum += longs[row];
          sumScaled += scaled[row];
        }
        assertThat(clicks.sum(i % 5 == 0 ? 0 : from, to)).isEqualTo(sum);
        assertThat(price.sumScaled(i % 5 == 0 ? 0 : from, to)).isEqualTo(sumScaled);
      }
    }
  }

  /** The prices of the first block have two digits, then none, then five. */
  @Test
  void blocksOfDifferentScalesHaveIntegersOfOneScale() {
    int[] row = {0};
    try (SegmentReader reader =
        write(
            () -> 1,
            () ->
                switch (row[0]++ / SegmentFormat.BLOCK_ROWS) {
                  case 0 -> bits(random.nextInt(1_000) / 100.0);
                  case 1 -> bits(7);
                  default -> bits(random.nextInt(1_000) / 100_000.0);
                })) {
      DoubleColumn price = (DoubleColumn) reader.column("price");
      assertThat(price.summaries().areIntegers()).isTrue();
      assertThat(price.summaries().scale()).isEqualTo(5);
      double[] doubles = new double[ROWS];
      long[] scaled = new long[ROWS];
      price.read(0, ROWS, doubles);
      price.readScaled(0, ROWS, scaled);
      long sum = 0;
      for (int i = 0; i < ROWS; i++) {
        assertThat(scaled[i]).isEqualTo(Math.round(doubles[i] * 100_000));
        sum += scaled[i];
      }
      assertThat(price.sumScaled(0, ROWS)).isEqualTo(sum);
    }
  }

  @Test
  void whatIsNoDecimalHasASmallestAndALargestValueButNoSum() {
    int[] row = {0};
    try (SegmentReader reader =
        write(
            () -> Long.MAX_VALUE - random.nextInt(5),
            () -> bits(row[0]++ == 9_000 ? Double.NaN : random.nextGaussian()))) {
      BlockSummaries price = ((DoubleColumn) reader.column("price")).summaries();
      assertThat(price.areIntegers()).isFalse();
      assertThat(price.hasSums()).isFalse();
      assertThat(price.fits(1)).isFalse();
      assertThat(price.smallestDouble(0)).isBetween(-10.0, 0.0);
      assertThat(price.smallestDouble(1)).isNaN();
      BlockSummaries clicks = ((LongColumn) reader.column("clicks")).summaries();
      assertThat(clicks.fits(1)).isTrue();
      assertThat(clicks.fits(2)).isFalse();
      assertThat(clicks.hasSums()).isFalse();
    }
  }

  /** Every byte of the blocks is wrong, which shows when one of them is read. */
  @Test
  void sumsOfWholeBlocksReadNoBlock() throws IOException {
    Path file;
    long sum;
    try (SegmentReader reader = write(() -> random.nextInt(100), () -> bits(0.25))) {
      file = reader.path();
      sum = ((LongColumn) reader.column("clicks")).sum(0, ROWS);
    }
    SegmentFile segment = SegmentFile.open(file);
    ColumnDirectory clicks = segment.metadata().columns().get(2);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int block = 0; block < clicks.data.count(); block++) {
        ByteBuffer wrong = ByteBuffer.allocate(clicks.data.length(block));
        int unused = channel.write(wrong, clicks.data.uncheckedOffset(block));
      }
    } finally {
      segment.file().release();
    }
    try (SegmentReader reader = SegmentReader.open(file)) {
      LongColumn damaged = (LongColumn) reader.column("clicks");
      assertThat(damaged.sum(0, ROWS)).isEqualTo(sum);
      assertThatThrownBy(() -> damaged.sum(1, ROWS))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  /** Rows in the order in which they are made; one in seven has no clicks. */
  private SegmentReader write(LongSupplier clicks, LongSupplier price) {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (int i = 0; i < ROWS; i++) {
      index.add(
          new DataRow(
              RandomRows.HOUR.startMillis() + i,
              new Object[] {"city-" + (i / 100 + random.nextInt(20))},
              new long[] {clicks.getAsLong(), price.getAsLong()},
              new boolean[] {i % 7 == 0, false}));
    }
    Path file = directory.resolve("summaries.segment");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      WrittenSegment unused = SegmentWriter.write(sorted, RandomRows.HOUR, file);
    }
    return SegmentReader.open(file);
  }
}
