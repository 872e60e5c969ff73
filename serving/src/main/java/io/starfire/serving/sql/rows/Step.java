package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A part of a plan that gives rows. A value in a row is null, a Long (also a truth value, a time or
 * a date), a Double, a String, a List, or the byte[] of a sketch. Immutable.
 */
public interface Step {
  /** Begins. What is open is closed with the execution, too. */
  RowStream open(Execution execution);

  /** What it does, for EXPLAIN. */
  JsonNode describe();
}
