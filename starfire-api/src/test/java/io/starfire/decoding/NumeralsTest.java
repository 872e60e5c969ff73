package io.starfire.decoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumeralsTest {
  private static final long SEED = Long.getLong("starfire.seed", 20_261_121L);

  private static double toDouble(String text) {
    byte[] bytes = ("x" + text + "y").getBytes(UTF_8);
    return Numerals.toDouble(bytes, 1, bytes.length - 1);
  }

  private static long toLong(String text) {
    byte[] bytes = ("x" + text + "y").getBytes(UTF_8);
    return Numerals.toLong(bytes, 1, bytes.length - 1);
  }

  @Test
  void doublesAreTheNearestOnes() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      String text = randomDecimal(random);
      assertThat(toDouble(text))
          .as("'%s', seed %d", text, SEED)
          .isEqualTo(Double.parseDouble(text));
    }
  }

  private static String randomDecimal(Random random) {
    StringBuilder text = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
    int digits = 1 + random.nextInt(random.nextInt(4) == 0 ? 25 : 9);
    int point = random.nextInt(digits + 2);
    for (int i = 0; i < digits; i++) {
      if (i == point) {
        text.append('.');
      }
      text.append((char) ('0' + random.nextInt(10)));
    }
    if (random.nextInt(8) == 0) {
      text.append("e").append(random.nextInt(40) - 20);
    }
    return text.toString();
  }

  @Test
  void longsAreExact() {
    Random random = new Random(SEED);
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertThat(toLong(Long.toString(value))).as("seed %d", SEED).isEqualTo(value);
    }
    assertThat(toLong("5.0")).isEqualTo(5);
    assertThat(toLong("1e3")).isEqualTo(1000);
    assertThat(toLong(" 7 ")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "-",
        "abc",
        "1.2.3",
        "0x10",
        "1d",
        "nan",
        "1_000",
        "1e",
        "e5",
        "1e1000000000",
        "--1",
        "\u0661\u0662",
        "1\u00a0"
      })
  void whatIsNoNumberIsRefused(String text) {
    assertThatThrownBy(() -> toDouble(text)).isInstanceOf(NumberFormatException.class);
    assertThatThrownBy(() -> toLong(text)).isInstanceOf(NumberFormatException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.5",
        "9223372036854775808",
        "1e19",
        "9007199254740992.5",
        "0.99999999999999999999",
        "1e-999999999",
        "1e999999999"
      })
  void aFractionAndWhatIsBeyond64BitsAreNoLongs(String text) {
    assertThatThrownBy(() -> toLong(text)).isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740993.0, 9007199254740993",
    "9223372036854775807.0, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "+7, 7",
    "7., 7",
    "0.0, 0",
    "-0, 0",
    "0e999999999, 0",
    "12.5e1, 125",
    "0000000000000000000000000000001, 1"
  })
  void noDigitIsLost(String text, long expected) {
    assertThat(toLong(text)).isEqualTo(expected);
    assertThat(Numerals.toLong(text)).isEqualTo(expected);
  }

  @Test
  void doublesBeyondTheirRangeAreRefusedAndThoseWithNamesAreTaken() {
    assertThatThrownBy(() -> toDouble("1e400")).isInstanceOf(ArithmeticException.class);
    assertThat(toDouble("NaN")).isNaN();
    assertThat(toDouble("-Infinity")).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(toDouble(" .5 ")).isEqualTo(0.5);
    assertThat(Double.doubleToRawLongBits(toDouble("-0"))).isEqualTo(Long.MIN_VALUE);
  }
}
