package io.starfire.segment.sketch;

import java.nio.charset.StandardCharsets;
import org.apache.datasketches.quantiles.DoublesSketch;
import org.apache.datasketches.quantiles.DoublesUnion;

/**
 * Sketches of quantiles of doubles. NaN is passed over.
 *
 * @param k the larger, the more exact
 */
public record QuantilesSpec(int k) implements SketchSpec {
  @Override
  public SketchKind kind() {
    return SketchKind.QUANTILES;
  }

  @Override
  public SketchBuilder newBuilder() {
    SketchLibrary.require();
    return new Builder(k);
  }

  @Override
  public void check(byte[] sketch) {
    SketchImages.checkQuantiles(sketch);
  }

  private static final class Builder extends SketchBuilder {
    private final DoublesUnion union;

    Builder(int k) {
      this.union = DoublesUnion.builder().setMaxK(k).build();
    }

    @Override
    public void addText(String value) {
      addDouble(Double.parseDouble(value));
    }

    @Override
    public void addUtf8(byte[] value) {
      addText(new String(value, StandardCharsets.UTF_8));
    }

    @Override
    public void addLong(long value) {
      union.update((double) value);
    }

    @Override
    public void addDouble(double value) {
      union.update(value);
    }

    @Override
    public void addSketch(byte[] sketch) {
      DoublesSketch other = QuantilesSketches.read(sketch);
      SketchImages.guarded(
          SketchKind.QUANTILES,
          () -> {
            union.union(other);
            return null;
          });
    }

    @Override
    public byte[] toBytes() {
      return union.getResult().toByteArray(true);
    }
  }
}
