package io.starfire.decoding;

import static java.util.Objects.requireNonNull;

/**
 * Stands in a row for a value that cannot be read, such as a decimal of no bytes. Nothing takes it:
 * the row becomes a dead letter if the event needs the value. Immutable.
 *
 * @param reason what is wrong with the value, with the value
 */
public record UnreadableValue(String reason) {
  public UnreadableValue {
    requireNonNull(reason, "reason");
  }
}
