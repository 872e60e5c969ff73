package io.starfire.segment.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  private static final long SEED = Long.getLong("starfire.seed", 20261128L);

  @Test
  void rowsAreInTheOrderOfTheirKeysAndEqualOnesAsTheyCame() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int rows : new int[] {0, 1, 2, 11, 300, 5_000, 20_000}) {
      for (int round = 0; round < 6; round++) {
        long[][] keys = new long[1 + random.nextInt(4)][];
        for (int key = 0; key < keys.length; key++) {
          long most = random.nextBoolean() ? 1L << random.nextInt(33) : 1 + random.nextInt(20);
          long step = Math.max(1, most >>> random.nextInt(33));
          keys[key] =
              IntStream.range(0, rows)
                  .mapToLong(row -> (random.nextLong() >>> 1) % most / step * step)
                  .toArray();
        }
        assertOrdered(rows, keys);
      }
    }
  }

  @Test
  void theLargestKeysComeLast() {
    long largest = 0xFFFFFFFFL;
    assertOrdered(4, new long[][] {{largest, 0, largest, 1}, {largest, 5, 0, 0}});
    long[] many = new long[6_000];
    Arrays.setAll(many, row -> row % 2 == 0 ? largest - row : row);
    assertOrdered(many.length, new long[][] {many});
  }

  @Test
  void rowsThatAreInOrderStayWhereTheyAre() {
    long[] ascending = IntStream.range(0, 9_000).mapToLong(row -> row / 3).toArray();
    assertThat(RowOrder.of(9_000, List.of(key(ascending)))).isEqualTo(identity(9_000));
    assertThat(RowOrder.of(9_000, List.of(key(new long[9_000])))).isEqualTo(identity(9_000));
    assertThat(RowOrder.of(3, List.of())).isEqualTo(identity(3));
  }

  private static void assertOrdered(int rows, long[][] keys) {
    List<RowOrder.Key> read = new ArrayList<>();
    for (long[] values : keys) {
      read.add(key(values));
    }
    Comparator<Integer> order =
        Arrays.stream(keys)
            .map(values -> Comparator.comparingLong((Integer row) -> values[row]))
            .reduce(Comparator::thenComparing)
            .orElseThrow();
    int[] expected =
        IntStream.range(0, rows).boxed().sorted(order).mapToInt(Integer::intValue).toArray();
    assertThat(RowOrder.of(rows, read)).isEqualTo(expected);
  }

  private static int[] identity(int rows) {
    return IntStream.range(0, rows).toArray();
  }

  private static RowOrder.Key key(long[] values) {
    return (rows, from, count, out) -> {
      for (int i = 0; i < count; i++) {
        out[i] = values[rows[from + i]];
      }
    };
  }
}
