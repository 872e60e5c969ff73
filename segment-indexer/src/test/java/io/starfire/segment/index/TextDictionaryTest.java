package io.starfire.segment.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextDictionaryTest {
  private static final long SEED = Long.getLong("starfire.seed", 20261128L);

  @Test
  void textsThatAreLookedUpTogetherGetTheIdsThatEachWouldGet() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    TextDictionary together = new TextDictionary();
    TextDictionary singly = new TextDictionary();
    assertThat(together.intern(null)).isEqualTo(singly.intern(null));
    for (int round = 0; round < 100; round++) {
      int count = random.nextInt(300);
      byte[][] texts = new byte[count][];
      int[] froms = new int[count];
      int[] tos = new int[count];
      int[] ids = new int[count + 3];
      List<Integer> expected = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        boolean asBefore = i > 0 && random.nextInt(4) == 0;
        texts[i] = asBefore ? texts[i - 1] : text(random);
        froms[i] = asBefore ? froms[i - 1] : random.nextInt(texts[i].length + 1);
        tos[i] = texts[i].length;
        expected.add(singly.intern(texts[i], froms[i], tos[i]));
      }
      together.internAll(texts, froms, tos, count, ids, 3);
      for (int i = 0; i < count; i++) {
        assertThat(ids[i + 3]).isEqualTo(expected.get(i));
      }
    }
    assertThat(together.size()).isEqualTo(singly.size()).isGreaterThan(6_000);
    assertThat(together.find("")).isNotEqualTo(together.find(null)).isNotNegative();
  }

  private static byte[] text(Random random) {
    String text = "a beginning " + random.nextInt(60_000);
    return text.substring(random.nextInt(12)).getBytes(StandardCharsets.UTF_8);
  }
}
