package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnpackingTest {
  private static final int NUMBERS = 2_100;

  private final Random random = new Random(20_261_128);

  /** The stream ends with the mapped file: nothing behind its last bytes may be read. */
  @Test
  void bothLoopsGiveTheSameNumbersForAllWidthsPlacesAndLengths() {
    Unpacker vector = Unpacking.vector().orElseThrow();
    for (int width = 1; width <= BitPacking.MAX_WIDTH; width++) {
      long[] numbers = numbers(width);
      ByteBuffer data = packed(numbers, width);
      for (int from = 0; from <= 8; from++) {
        for (int count = 0; count <= (from == 0 ? 70 : 26); count++) {
          check(vector, data, numbers, width, from, count);
        }
      }
      for (int from : new int[] {0, 3, 1_024}) {
        for (int count : new int[] {1_023, 1_024, 1_025, NUMBERS - from}) {
          check(vector, data, numbers, width, from, Math.min(count, NUMBERS - from));
        }
      }
    }
  }

  @Test
  void aJvmWithShortVectorsOrWithoutTheModuleUsesThePlainLoop() {
    assertThat(PlainUnpacker.INSTANCE.label()).isEqualTo("plain");
    assertThat(Unpacking.usesVectors()).isFalse();
  }

  @Test
  void theLoopOfTheVectorApiIsUsedOnlyIfItIsFaster() {
    // By this clock all loops take the same time.
    long[] calls = {0};
    Unpacking.Choice choice = Unpacking.chooseFaster(() -> 10_000_000_000L * calls[0]++, () -> {});
    assertThat(choice.vectors()).isFalse();
    assertThat(choice.reason()).contains("plain loop").contains("Vector API (vector");
    assertThat(Unpacking.usesVectors()).isFalse();
  }

  private static void check(
      Unpacker vector, ByteBuffer data, long[] numbers, int width, int from, int count) {
    String what = "width %d, from %d, count %d".formatted(width, from, count);
    long[] expected = new long[count + 2];
    int[] expectedInts = new int[count + 2];
    long sum = 0;
    for (int i = 0; i < count; i++) {
      expected[1 + i] = 7 + 3 * numbers[from + i];
      expectedInts[1 + i] = 7 + 3 * (int) numbers[from + i];
      sum += numbers[from + i];
    }
    for (Unpacker one : new Unpacker[] {PlainUnpacker.INSTANCE, vector}) {
      long[] longs = new long[count + 2];
      one.longs(data, 8, width, from, count, 7, 3, longs, 1);
      if (!Arrays.equals(longs, expected)) {
        assertThat(longs).as(one.label() + " " + what).isEqualTo(expected);
      }
      int[] ints = new int[count + 2];
      one.ints(data, 8, width, from, count, 7, 3, ints, 1);
      if (!Arrays.equals(ints, expectedInts)) {
        assertThat(ints).as(one.label() + " " + what).isEqualTo(expectedInts);
      }
      if (one.sum(data, 8, width, from, count) != sum) {
        assertThat(one.sum(data, 8, width, from, count))
            .as(one.label() + " " + what)
            .isEqualTo(sum);
      }
      double[] doubles = new double[count + 2];
      one.decimals(data, 8, width, from, count, -5, 100, doubles, 1);
      for (int i = 0; i < count; i++) {
        if (doubles[1 + i] != (numbers[from + i] - 5) / 100.0) {
          assertThat(doubles[1 + i]).as(what).isEqualTo((numbers[from + i] - 5) / 100.0);
        }
      }
    }
  }

  private long[] numbers(int width) {
    long mask = (1L << width) - 1;
    long[] numbers = new long[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      numbers[i] = i % 5 == 0 ? mask : random.nextLong() & mask;
    }
    return numbers;
  }

  private static ByteBuffer packed(long[] numbers, int width) {
    ByteSink sink = new ByteSink();
    sink.putLong(-1);
    BitPacking.pack(numbers, numbers.length, width, sink);
    ByteBuffer data = ByteBuffer.allocateDirect(sink.length()).order(ByteOrder.LITTLE_ENDIAN);
    data.put(0, sink.array(), 0, sink.length());
    return data;
  }
}
