package io.starfire.segment.sketch;

import org.apache.datasketches.theta.SetOperation;
import org.apache.datasketches.theta.Sketch;
import org.apache.datasketches.theta.Union;

/**
 * Theta sketches.
 *
 * @param size hashes that are kept at most
 */
public record ThetaSpec(int size) implements SketchSpec {
  @Override
  public SketchKind kind() {
    return SketchKind.THETA;
  }

  @Override
  public SketchBuilder newBuilder() {
    SketchLibrary.require();
    return new Builder(size);
  }

  @Override
  public void check(byte[] sketch) {
    SketchImages.checkTheta(sketch);
  }

  private static final class Builder extends SketchBuilder {
    private final Union union;

    Builder(int size) {
      this.union = SetOperation.builder().setNominalEntries(size).buildUnion();
    }

    @Override
    public void addText(String value) {
      union.update(value);
    }

    @Override
    public void addUtf8(byte[] value) {
      union.update(value);
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
    public void addSketch(byte[] sketch) {
      Sketch other = ThetaSketches.read(sketch);
      SketchImages.guarded(
          SketchKind.THETA,
          () -> {
            union.union(other);
            return null;
          });
    }

    @Override
    public byte[] toBytes() {
      return union.getResult(true, null).toByteArray();
    }
  }
}
