package io.starfire.event;

/**
 * How an event that entered an operator ended. Each event has exactly one outcome for each
 * operator, so the outcomes of an operator add up to the events that entered it. Both drivers count
 * the same names.
 */
public enum Outcome {
  /** It was passed on, or its result was produced. */
  EMITTED,
  /** A secondary event that matched at least one primary. */
  MATCHED,
  /** A filter dropped it, or a flatMap made no event of it. */
  FILTERED,
  /**
   * A further copy of an event with an identity, or of a secondary with equal key, time and bytes.
   */
  DUPLICATE,
  /** Its key is null, where a key is needed. */
  NULL_KEY,
  /** Stream only: its event time was below the watermark at the first stateful operator. */
  LATE,
  /** A secondary event that matched no primary. */
  ORPHAN,
  /** Its time is null, outside the years 1970 to 9999, or too far ahead of its arrival. */
  BAD_TIME,
  /** The bytes could not be read as the declared type. */
  UNDECODABLE,
  /** More matches than the limit of the join. */
  OVER_MATCH_LIMIT,
  /** A sink refused it, or, in the stream only, what was made of it is too large for its topic. */
  SINK_REJECTED,
  /** Batch only: it lies outside the run's interval and was read only for events inside. */
  MARGIN
}
