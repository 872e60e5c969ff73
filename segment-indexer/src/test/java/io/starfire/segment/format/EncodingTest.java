package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.segment.RandomRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncodingTest {
  private static final int ROWS = SegmentFormat.BLOCK_ROWS;

  @TempDir Path directory;
  private int files;

  @Test
  void equalNumbersAreConstant() throws IOException {
    for (long value : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      long[] values = new long[ROWS];
      Arrays.fill(values, value);
      check(values, ROWS, ConstantEncoding.NUMBER);
      check(values, 1, ConstantEncoding.NUMBER);
    }
  }

  @Test
  void numbersOfEveryWidthComeBack() throws IOException {
    Random random = new RandomRows(11).random();
    for (int width = 1; width <= 64; width++) {
      long mask = width == 64 ? -1 : (1L << width) - 1;
      long base = width < 40 ? random.nextInt() : 0;
      long[] values = random(() -> base + (random.nextLong() & mask));
      values[7] = base;
      values[8] = base + mask;
      check(
          values, ROWS, width <= BitPacking.MAX_WIDTH ? PackedEncoding.NUMBER : RawEncoding.NUMBER);
    }
  }

  @Test
  void whatDividesAllDistancesIsNotStored() throws IOException {
    Random random = new RandomRows(12).random();
    long[] minutes = random(() -> 1_763_632_800_000L + random.nextInt(60) * 60_000L);
    assertThat(check(minutes, ROWS, PackedEncoding.NUMBER))
        .isLessThan(ROWS / 8 + ROWS * 6 / 8 + 64);
  }

  @Test
  void risingNumbersAreStoredAsSteps() throws IOException {
    Random random = new RandomRows(13).random();
    long[] times = random(() -> 1_763_632_800_000L + random.nextInt(3_600_000));
    Arrays.sort(times);
    assertThat(check(times, ROWS, DeltaEncoding.NUMBER)).isLessThan(ROWS / 8 + ROWS * 2);
    check(times, 1025, DeltaEncoding.NUMBER);
  }

  @Test
  void fewRunsAreStoredAsRuns() throws IOException {
    long[] values = LongStream.range(0, ROWS).map(i -> i / 1000 * 977 % 5 - 2).toArray();
    assertThat(check(values, ROWS, RunLengthEncoding.NUMBER)).isLessThan(ROWS / 8 + 200);
  }

  @Test
  void pricesAreDecimalsAndTheRestIsRaw() throws IOException {
    Random random = new RandomRows(14).random();
    checkDoubles(random(() -> bits(random.nextInt(100_000) / 100.0)), DecimalEncoding.NUMBER);
    checkDoubles(random(() -> bits(random.nextInt(1000) - 500)), DecimalEncoding.NUMBER);
    checkDoubles(random(() -> bits(random.nextGaussian())), RawEncoding.NUMBER);
    checkDoubles(random(random::nextLong), RawEncoding.NUMBER);
    long[] prices = random(() -> bits(random.nextInt(100_000) / 100.0));
    prices[100] = bits(-0.0);
    checkDoubles(prices, RawEncoding.NUMBER);
    prices[100] = bits(Double.NaN);
    checkDoubles(prices, RawEncoding.NUMBER);
    long[] runs = LongStream.range(0, ROWS).map(i -> bits(Math.floorDiv(i, 1000L) * 0.1)).toArray();
    checkDoubles(runs, RunLengthEncoding.NUMBER);
    long[] same = new long[ROWS];
    Arrays.fill(same, bits(-0.0));
    checkDoubles(same, ConstantEncoding.NUMBER);
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }

  private static long[] random(LongSupplier supplier) {
    return LongStream.generate(supplier).limit(ROWS).toArray();
  }

  /** Encodes, reads pieces of all sizes at all places, and returns the size of the block. */
  private int check(long[] values, int rows, int encoding) throws IOException {
    ByteSink sink = new ByteSink();
    boolean[] nulls = new boolean[rows];
    nulls[rows / 2] = true;
    LongBlocks.encode(values, rows, nulls, sink);
    MappedFile file = map(sink);
    Block block = new Block(file, 0);
    assertThat(block.encoding).isEqualTo(encoding);
    long[] out = new long[rows + 1];
    int[] ints = new int[rows + 1];
    boolean[] readNulls = new boolean[rows];
    block.readNulls(0, rows, readNulls, 0);
    assertThat(readNulls).isEqualTo(nulls);
    for (int from = 0; from < rows; from += 1 + from / 3) {
      for (int count = 0; count <= rows - from; count += 1 + count * 2) {
        LongEncoding.of(encoding).decode(block, from, count, out, 1);
        LongEncoding.of(encoding).decodeInts(block, from, count, ints, 1);
        for (int i = 0; i < count; i++) {
          if (out[1 + i] != values[from + i] || ints[1 + i] != (int) values[from + i]) {
            assertThat(out[1 + i]).as("row %d", from + i).isEqualTo(values[from + i]);
            assertThat(ints[1 + i]).as("row %d", from + i).isEqualTo((int) values[from + i]);
          }
        }
      }
    }
    file.release();
    return sink.length();
  }

  private void checkDoubles(long[] bits, int encoding) throws IOException {
    ByteSink sink = new ByteSink();
    DoubleBlocks.encode(bits, ROWS, null, sink);
    MappedFile file = map(sink);
    Block block = new Block(file, 0);
    assertThat(block.encoding).isEqualTo(encoding);
    for (int from = 0; from < ROWS; from += 1 + from / 3) {
      double[] out = new double[ROWS - from];
      DoubleBlocks.decode(block, from, out.length, out, 0, file);
      for (int i = 0; i < out.length; i++) {
        if (bits(out[i]) != bits[from + i]) {
          assertThat(bits(out[i])).as("row %d", from + i).isEqualTo(bits[from + i]);
        }
      }
    }
    file.release();
  }

  private MappedFile map(ByteSink sink) throws IOException {
    Path file = directory.resolve("block-" + files++);
    Files.write(file, Arrays.copyOf(sink.array(), sink.length()));
    return MappedFile.open(file);
  }
}
