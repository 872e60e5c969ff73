package io.starfire.testkit;

import java.time.Instant;

/**
 * The one type of event in random pipelines, so that any stream fits any operator.
 *
 * @param id identity; may be null
 * @param at event time at the source
 * @param left a key; may be null or empty
 * @param right another key; may be null or empty
 * @param number carries what happened to the event
 * @param flag whether a join met something
 */
public record Thing(String id, Instant at, String left, String right, long number, boolean flag) {
  Thing withNumber(long changed) {
    return new Thing(id, at, left, right, changed, flag);
  }

  Thing withKeys(String newLeft, String newRight) {
    return new Thing(id, at, newLeft, newRight, number, flag);
  }

  Thing withFlag(boolean changed) {
    return new Thing(id, at, left, right, number, changed);
  }
}
