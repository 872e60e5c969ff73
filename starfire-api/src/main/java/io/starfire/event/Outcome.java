package io.starfire.event;

/**
 * How an event that entered an operator ended. Each event ends in exactly one; both drivers count
 * the same names, so that events in equal the sum of outcomes.
 */
public enum Outcome {
  /** It went on, or produced its result. */
  EMITTED,
  /** A secondary event that met at least one primary. */
  MATCHED,
  /** A filter or a flatMap dropped it. */
  FILTERED,
  /** A further copy of an identified event, or of a secondary of equal time and bytes. */
  DUPLICATE,
  /** It needed a key and has none. */
  NULL_KEY,
  /** Stream only: its event time was below the watermark at the first stateful operator. */
  LATE,
  /** A secondary event that met no primary. */
  ORPHAN,
  /** No event time, or one outside 1970 to 9999, or too far ahead of its arrival. */
  BAD_TIME,
  /** The bytes could not be read as the declared type. */
  UNDECODABLE,
  /** More matches than the limit of the join. */
  OVER_MATCH_LIMIT,
  /** A sink refused it. In the stream also: what was made of it is too large for its topic. */
  SINK_REJECTED,
  /** Batch only: read as surroundings of the interval, not counted otherwise. */
  MARGIN
}
