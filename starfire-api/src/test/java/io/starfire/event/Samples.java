package io.starfire.event;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Records that tests encode, and random values of them. */
final class Samples {
  private Samples() {}

  enum Color {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "an enum constant with a body has a class of its own";
      }
    },
    BLUE
  }

  record Point(int x, Long y) {}

  record Everything(
      String text,
      boolean flag,
      Boolean boxedFlag,
      int small,
      Integer boxedSmall,
      long large,
      Long boxedLarge,
      float single,
      Float boxedSingle,
      double wide,
      Double boxedWide,
      Instant time,
      BigDecimal decimal,
      Color color,
      Optional<String> maybe,
      Optional<Point> maybePoint,
      Point point,
      List<String> texts,
      List<List<Point>> grid,
      Map<String, Double> numbers,
      Map<String, List<Color>> colors) {}

  private static final String[] TEXTS = {
    "", "a", "ab", "\u0000", "ü", "日本", "\uD83D\uDE00", "with \"quotes\", commas\nand lines", "~"
  };
  private static final long[] LONGS = {
    0,
    1,
    -1,
    63,
    64,
    -64,
    -65,
    8191,
    8192,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.5,
    -1.5,
    Double.NaN,
    Double.longBitsToDouble(0x7ff8000000000001L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE
  };

  static Everything everything(Random random) {
    return new Everything(
        nullable(random, () -> text(random)),
        random.nextBoolean(),
        nullable(random, random::nextBoolean),
        (int) number(random),
        nullable(random, () -> (int) number(random)),
        number(random),
        nullable(random, () -> number(random)),
        (float) wide(random),
        nullable(random, () -> (float) wide(random)),
        wide(random),
        nullable(random, () -> wide(random)),
        nullable(random, () -> Instant.ofEpochMilli(random.nextLong() >> 12)),
        nullable(random, () -> decimal(random)),
        nullable(random, () -> color(random)),
        Optional.ofNullable(nullable(random, () -> text(random))),
        Optional.ofNullable(nullable(random, () -> point(random))),
        nullable(random, () -> point(random)),
        nullable(random, () -> list(random, () -> text(random))),
        nullable(random, () -> list(random, () -> list(random, () -> point(random)))),
        nullable(random, () -> map(random, () -> wide(random))),
        nullable(random, () -> map(random, () -> list(random, () -> color(random)))));
  }

  @SuppressWarnings("NullOptional") // A null Optional is what is tested.
  static Everything empty() {
    return new Everything(
        null, false, null, 0, null, 0, null, 0, null, 0, null, null, null, null, null, null, null,
        null, null, null, null);
  }

  static String text(Random random) {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  static long number(Random random) {
    return random.nextInt(3) == 0
        ? random.nextLong() >> random.nextInt(64)
        : LONGS[random.nextInt(LONGS.length)];
  }

  static double wide(Random random) {
    return random.nextInt(3) == 0 ? random.nextGaussian() : DOUBLES[random.nextInt(DOUBLES.length)];
  }

  static BigDecimal decimal(Random random) {
    return new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(40) - 20);
  }

  private static Color color(Random random) {
    return Color.values()[random.nextInt(Color.values().length)];
  }

  private static Point point(Random random) {
    return new Point((int) number(random), nullable(random, () -> number(random)));
  }

  private static <X> X nullable(Random random, Supplier<X> supplier) {
    return random.nextInt(4) == 0 ? null : supplier.get();
  }

  private static <X> List<X> list(Random random, Supplier<X> supplier) {
    List<X> list = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      list.add(nullable(random, supplier));
    }
    return list;
  }

  private static <X> Map<String, X> map(Random random, Supplier<X> supplier) {
    Map<String, X> map = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      map.put(text(random), nullable(random, supplier));
    }
    return map;
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  static byte[] with(byte[] bytes, int at, int value) {
    byte[] copy = Arrays.copyOf(bytes, bytes.length);
    copy[at] = (byte) value;
    return copy;
  }
}
