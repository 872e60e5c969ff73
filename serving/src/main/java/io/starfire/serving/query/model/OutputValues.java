package io.starfire.serving.query.model;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The outputs of one group, as far as they are computed, by name. Not thread-safe. */
public final class OutputValues {
  private final Map<String, Object> finished = new HashMap<>();
  private final Map<String, SketchValue> sketches = new HashMap<>();

  /** Those of a group without sketches. */
  public static OutputValues of(Map<String, ?> values) {
    OutputValues outputs = new OutputValues();
    values.forEach((name, value) -> outputs.add(name, value, null));
    return outputs;
  }

  /**
   * Adds an output.
   *
   * @param value what is shown of it: null, a String, a Long, a Double, a sketch, an array or a map
   * @param sketch that stands behind the value; null if none does
   */
  void add(String name, @Nullable Object value, @Nullable SketchValue sketch) {
    finished.put(name, value);
    if (sketch != null) {
      sketches.put(name, sketch);
    }
  }

  /** What is shown of all outputs. */
  public Map<String, Object> finished() {
    return finished;
  }

  /** The sketch behind an output, or what is shown of one that has none. */
  @Nullable Object raw(String name) {
    SketchValue sketch = sketches.get(name);
    return sketch == null ? finished.get(name) : sketch;
  }
}
