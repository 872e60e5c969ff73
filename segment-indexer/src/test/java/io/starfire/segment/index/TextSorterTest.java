package io.starfire.segment.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Utf8Order;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextSorterTest {
  private static final long SEED = Long.getLong("starfire.seed", 20261121L);

  /** Of one, two, three and four bytes, with those between which the order of chars is another. */
  private static final String[] CHARACTERS = {
    "a", "b", "\0", "7", "\u007f", "\u0080", "ß", "\u07ff", "\ud7ff", "\ue000", "\uffff", "😀", "𐀀"
  };

  @Test
  void ordersAnyStringsByTheirUtf8Bytes() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    for (int round = 0; round < 60; round++) {
      Set<String> values = new LinkedHashSet<>();
      int count = random.nextInt(2_000);
      int longest = 1 + random.nextInt(24);
      int characters = 1 + random.nextInt(CHARACTERS.length);
      for (int i = 0; i < count; i++) {
        StringBuilder value = new StringBuilder();
        int length = random.nextInt(longest);
        for (int j = 0; j < length; j++) {
          value.append(CHARACTERS[random.nextInt(characters)]);
        }
        values.add(value.toString());
      }
      if (random.nextBoolean()) {
        values.add(null);
      }
      assertOrdered(new ArrayList<>(values));
    }
  }

  @Test
  void ofManyTextsBytesThatOccurAreNumbered() {
    Random random = new Random(SEED);
    for (int characters : new int[] {1, 3, CHARACTERS.length}) {
      Set<String> values = new LinkedHashSet<>();
      for (int i = 0; i < 12_000; i++) {
        StringBuilder value = new StringBuilder(random.nextBoolean() ? "a beginning of many " : "");
        for (int j = random.nextInt(12); j >= 0; j--) {
          value.append(CHARACTERS[random.nextInt(characters)]);
        }
        values.add(value.append(random.nextInt(1_000_000)).toString());
      }
      values.add(null);
      assertOrdered(new ArrayList<>(values));
    }
  }

  @Test
  void longCommonBeginningsAndZerosDoNotHoldItUp() {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      values.add("x".repeat(300) + "\0".repeat(i));
      values.add("x".repeat(400) + i);
    }
    values.add(7, null);
    assertOrdered(values);
  }

  @Test
  void nothingAndOneValueAreInOrder() {
    assertOrdered(List.of());
    assertOrdered(List.of("a"));
    assertOrdered(Arrays.asList((String) null));
    assertOrdered(Arrays.asList("a", null));
  }

  @Test
  void zerosAtTheEndAreBytesToo() {
    List<String> values = new ArrayList<>();
    for (int zeros = 20; zeros >= 0; zeros--) {
      values.add("a" + "\0".repeat(zeros));
    }
    assertOrdered(values);
  }

  private static void assertOrdered(List<String> values) {
    TextDictionary dictionary = new TextDictionary();
    values.forEach(dictionary::intern);
    int[] ids = TextSorter.sorted(dictionary.texts());
    List<String> expected = new ArrayList<>(values);
    expected.sort(Utf8Order.COMPARATOR);
    assertThat(Arrays.stream(ids).mapToObj(values::get).toList()).isEqualTo(expected);
  }
}
