package io.starfire.segment.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Registers that are made of coupons are those that the library makes of the values. */
class HllRegistersTest {
  private static final int HEADER_BYTES = 40;
  private static final List<HllSpec> SPECS =
      List.of(
          new HllSpec(SketchKind.HLL, 12, "HLL_8", false),
          new HllSpec(SketchKind.HLL, 12, "HLL_8", true),
          new HllSpec(SketchKind.UNIQUE, 11, "HLL_8", true),
          new HllSpec(SketchKind.HLL, 4, "HLL_8", false),
          new HllSpec(SketchKind.HLL, 15, "HLL_8", false));

  @Test
  void aSketchOfCouponsIsThatOfTheLibrary() {
    Random random = new Random(20_261_128);
    for (HllSpec spec : SPECS) {
      for (int values : new int[] {5_000, 100_000}) {
        SketchBuilder library = spec.newBuilder();
        HllRegisters registers = new HllRegisters(spec);
        for (int i = 0; i < values; i++) {
          byte[] text = text(random, i);
          library.addUtf8(text);
          registers.add(spec.coupon(text));
        }
        byte[] expected = library.toBytes();
        assertThat(registers.areEnough()).as("%s", spec).isEqualTo(hasRegisters(expected));
        if (hasRegisters(expected)) {
          SketchBuilder ours = spec.newBuilder();
          ours.addSketch(registers.toSketch());
          assertThat(registersOf(ours.toBytes())).as("%s", spec).isEqualTo(registersOf(expected));
          assertThat(HllSketches.estimate(ours.toBytes()))
              .as("%s, %d values", spec, values)
              .isEqualTo(HllSketches.estimate(expected));
        }
      }
    }
  }

  @Test
  void packedRegistersAndFurtherValuesGiveTheEstimateOfTheLibrary() {
    Random random = new Random(1);
    for (String type : List.of("HLL_4", "HLL_6", "HLL_8")) {
      HllSpec spec = new HllSpec(SketchKind.HLL, 12, type, false);
      SketchBuilder library = spec.newBuilder();
      HllRegisters registers = new HllRegisters(spec);
      for (int i = 0; i < 20_000; i++) {
        byte[] text = text(random, i);
        library.addUtf8(text);
        registers.add(spec.coupon(text));
      }
      SketchBuilder ours = spec.newBuilder();
      ours.addText("one that was there before");
      ours.addSketch(registers.toSketch());
      ours.addText("one more");
      library.addText("one more");
      library.addText("one that was there before");
      assertThat(HllSketches.estimate(ours.toBytes()))
          .isEqualTo(HllSketches.estimate(library.toBytes()));
    }
  }

  @Test
  void ofFewValuesTheLibraryKeepsTheCoupons() {
    HllSpec spec = SPECS.get(0);
    HllRegisters registers = new HllRegisters(spec);
    SketchBuilder library = spec.newBuilder();
    for (int i = 0; i < HllRegisters.leastValues(spec); i++) {
      byte[] text = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
      registers.add(spec.coupon(text));
      library.addUtf8(text);
    }
    assertThat(registers.areEnough()).isFalse();
    assertThat(spec.coupon(new byte[0])).as("passed over, as the library does").isZero();
    assertThat(SPECS.get(2).coupon(new byte[0])).as("of hyperUnique").isNotZero();
  }

  private static byte[] text(Random random, int i) {
    String text = i % 100 == 0 ? "" : "v\u00e9" + random.nextInt(1 << 20) + "x".repeat(i % 40);
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean hasRegisters(byte[] sketch) {
    return (sketch[7] & 3) == 2;
  }

  private static byte[] registersOf(byte[] sketch) {
    return Arrays.copyOfRange(sketch, HEADER_BYTES, sketch.length);
  }
}
