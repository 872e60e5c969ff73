package io.starfire.segment.sketch;

import java.util.List;

/** A sketch that values and other sketches are added to. Not thread-safe. */
public abstract class SketchBuilder {
  SketchBuilder() {}

  public abstract void addText(String value);

  /** Adds a text that is given in UTF-8. */
  public abstract void addUtf8(byte[] value);

  public abstract void addLong(long value);

  public abstract void addDouble(double value);

  /**
   * Adds all of another sketch.
   *
   * @throws io.starfire.common.StarfireException with CORRUPT if the bytes are not one of the kind
   */
  public abstract void addSketch(byte[] sketch);

  /** The sketch, in the library's compact form; what is added later is not in it. */
  public abstract byte[] toBytes();

  /**
   * Adds the input of a metric.
   *
   * @param input null, a String, a List of nullable Strings, a Long, a Double, or a sketch's bytes
   */
  public final void addInput(Object input) {
    if (input instanceof String text) {
      addText(text);
    } else if (input instanceof Long number) {
      addLong(number);
    } else if (input instanceof Double number) {
      addDouble(number);
    } else if (input instanceof byte[] sketch) {
      addSketch(sketch);
    } else if (input instanceof List<?> texts) {
      texts.forEach(this::addInput);
    }
  }
}
