package io.starfire.segment.sketch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.datasketches.hash.MurmurHash3;
import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;
import org.apache.datasketches.hll.Union;

/**
 * HLL sketches. With kind UNIQUE a value is hashed behind a byte that says its type.
 *
 * @param kind HLL or UNIQUE
 * @param lgK binary logarithm of the number of registers
 * @param type how registers are packed, by the library's name
 * @param utf8 whether text is hashed as UTF-8, and not as UTF-16
 */
public record HllSpec(SketchKind kind, int lgK, String type, boolean utf8) implements SketchSpec {
  @Override
  public SketchBuilder newBuilder() {
    SketchLibrary.require();
    return kind == SketchKind.UNIQUE ? new Unique(this) : new Plain(this);
  }

  @Override
  public void check(byte[] sketch) {
    SketchImages.checkHll(sketch, kind);
  }

  /**
   * All that a sketch takes from a text: 32 bits that do not depend on the number of registers. 0
   * for a text that it passes over.
   */
  public int coupon(byte[] utf8Text) {
    if (kind == SketchKind.UNIQUE) {
      return HllRegisters.coupon(MurmurHash3.hash(Unique.typed(utf8Text), HllRegisters.SEED));
    }
    if (utf8Text.length == 0) {
      return 0;
    }
    return HllRegisters.coupon(
        utf8
            ? MurmurHash3.hash(utf8Text, HllRegisters.SEED)
            : MurmurHash3.hash(
                new String(utf8Text, StandardCharsets.UTF_8).toCharArray(), HllRegisters.SEED));
  }

  /** What coupons of texts depend on; equal for the same. */
  public Object couponKind() {
    return kind == SketchKind.UNIQUE || utf8 ? kind + " of UTF-8" : kind + " of UTF-16";
  }

  /** Hashes values as every user of the library does; it passes over empty texts. */
  private static class Plain extends SketchBuilder {
    private final HllSpec spec;
    final Union union;

    Plain(HllSpec spec) {
      this.spec = spec;
      this.union = new Union(spec.lgK);
    }

    @Override
    public void addText(String value) {
      if (spec.utf8) {
        union.update(value.getBytes(StandardCharsets.UTF_8));
      } else {
        union.update(value.toCharArray());
      }
    }

    @Override
    public void addUtf8(byte[] value) {
      if (spec.utf8) {
        union.update(value);
      } else {
        union.update(new String(value, StandardCharsets.UTF_8).toCharArray());
      }
    }

    @Override
    public void addLong(long value) {
      union.update(value);
    }

    @Override
    public void addDouble(double value) {
      union.update(value);
    }

    @Override
    public final void addSketch(byte[] sketch) {
      HllSketch other = HllSketches.read(sketch, spec.kind);
      SketchImages.guarded(
          spec.kind,
          () -> {
            union.update(other);
            return null;
          });
    }

    @Override
    public final byte[] toBytes() {
      return union.getResult(TgtHllType.valueOf(spec.type)).toCompactByteArray();
    }
  }

  /** Counts empty texts, and tells a text from a number. */
  private static final class Unique extends Plain {
    private static final byte TEXT = 1;
    private static final byte LONG = 2;
    private static final byte DOUBLE = 3;

    Unique(HllSpec spec) {
      super(spec);
    }

    @Override
    public void addText(String value) {
      addUtf8(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void addUtf8(byte[] value) {
      union.update(typed(value));
    }

    static byte[] typed(byte[] text) {
      byte[] typed = new byte[1 + text.length];
      typed[0] = TEXT;
      System.arraycopy(text, 0, typed, 1, text.length);
      return typed;
    }

    @Override
    public void addLong(long value) {
      addBits(LONG, value);
    }

    @Override
    public void addDouble(double value) {
      addBits(DOUBLE, Double.doubleToLongBits(value + 0.0));
    }

    private void addBits(byte type, long bits) {
      ByteBuffer typed = ByteBuffer.allocate(1 + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      union.update(typed.put(type).putLong(bits).array());
    }
  }
}
