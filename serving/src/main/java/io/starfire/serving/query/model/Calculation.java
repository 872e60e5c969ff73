package io.starfire.serving.query.model;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes a value from the outputs of a group. Thread-safe. */
public interface Calculation {
  /**
   * The type of the result; asked for before anything is computed.
   *
   * @param outputs the types of the outputs, by name; all that it reads are there
   */
  OutputType typeOver(Map<String, OutputType> outputs);

  /** The value: null, a Long, a Double, a String, or for an array Object[]. */
  @Nullable Object compute(Map<String, Object> outputs);
}
