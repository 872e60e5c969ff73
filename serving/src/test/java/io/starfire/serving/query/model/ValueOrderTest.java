package io.starfire.serving.query.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueOrderTest {
  @Test
  void ordersTextAsDruidDoes() {
    assertOrdered(
        ValueOrder.LEXICOGRAPHIC, null, "", "10", "9", "B", "a", "\uFF5E", "\uD83D\uDE00");
    assertOrdered(
        ValueOrder.ALPHANUMERIC,
        null,
        "",
        "7",
        "07x",
        "10",
        "a",
        "a1b",
        "a2",
        "a02b",
        "a10",
        "a10b",
        "b");
    assertOrdered(ValueOrder.STRLEN, null, "", "b", "aa", "bb", "aaa");
    assertOrdered(ValueOrder.NUMERIC, null, "", "NaN", "x", "-1e2", "-3", "1", "1.0", "2.5", "10");
  }

  @Test
  void digitsLongerThanAnyNumberTypeAreComparedByValue() {
    String big = "9".repeat(5_000);
    assertOrdered(ValueOrder.ALPHANUMERIC, "x" + big, "x1" + "0".repeat(5_000));
  }

  @Test
  void numbersAreComparedByValueOrByTheirText() {
    assertOrdered(ValueOrder.NUMERIC, null, -1L, 9L, 10L, Long.MAX_VALUE);
    assertOrdered(ValueOrder.NUMERIC, null, -1.5, 9.0, 1e10, Double.NaN);
    assertOrdered(ValueOrder.LEXICOGRAPHIC, null, -1L, 10L, 9L);
  }

  private static void assertOrdered(ValueOrder order, Object... values) {
    List<Object> shuffled = new ArrayList<>(Arrays.asList(values));
    Collections.shuffle(shuffled, new Random(1));
    shuffled.sort(order.comparator());
    assertThat(shuffled).containsExactly(values);
  }
}
