package io.starfire.serving.query.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Values of any length, against an array of texts. */
class BytesVectorTest {
  @Test
  void valuesStayWhatTheyAreWhileOthersGrowShrinkAndVanish() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      BytesVector vector = new BytesVector();
      int count = 1 + random.nextInt(50);
      vector.grow(count);
      String[] expected = new String[count];
      for (int step = 0; step < 2_000; step++) {
        int at = random.nextInt(count);
        if (random.nextInt(8) == 0) {
          vector.setNull(at);
          expected[at] = null;
        } else {
          expected[at] = "x".repeat(random.nextInt(20)) + step;
          vector.set(at, expected[at].getBytes(StandardCharsets.UTF_8));
        }
      }
      assertThat(texts(vector, count)).as("seed %d", seed).isEqualTo(expected);
      long longest = Arrays.stream(expected).mapToLong(text -> text == null ? 0 : 24).sum();
      assertThat(vector.bytes()).isLessThan(8L * count + 4 * longest + 256);

      VectorWriter out = new VectorWriter();
      vector.write(out, count);
      BytesVector read = new BytesVector();
      read.read(new VectorReader(out.toByteArray(), 0, out.size()), count);
      assertThat(texts(read, count)).isEqualTo(expected);
    }
  }

  private static String[] texts(BytesVector vector, int count) {
    String[] texts = new String[count];
    Arrays.setAll(texts, vector::text);
    return texts;
  }
}
