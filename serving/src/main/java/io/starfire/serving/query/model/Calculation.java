package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Computes a value from the outputs of a group. Thread-safe. */
public interface Calculation {
  /**
   * The type of the result; asked for before anything is computed.
   *
   * @param outputs the types of the outputs, by name; all that it reads are there
   */
  ColumnType typeOver(Map<String, ColumnType> outputs);

  /** The value: null, a Long, a Double or a String. */
  @Nullable Object compute(Map<String, Object> outputs);
}
