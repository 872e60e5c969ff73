package io.starfire.serving.realtime;

/** What a real-time data source, or one Kafka partition of it, is doing. */
public enum RealtimeState {
  /** Not connected yet. */
  STARTING,
  /** The topic does not exist; the node looks for it again and again. */
  WAITING_FOR_TOPIC,
  /** Kafka or the coordinator does not answer; rows read so far stay queryable. */
  UNREACHABLE,
  /** Reading. */
  RUNNING,
  /** Reading waits until rows are persisted and memory is free; nothing is dropped. */
  BACK_PRESSURE,
  /**
   * The next row carries the fingerprint of a schema that is not known yet, or a dimension that was
   * found in it could not be registered. Nothing is lost.
   */
  WAITING_FOR_SCHEMA,
  /** Suspended by the user; what was read is handed off. */
  SUSPENDED,
  /** Records that are not committed are gone from the log. Reading stops, unless told to go on. */
  DATA_LOSS,
  /** The topic was deleted and created again. Nothing of the new one is read. */
  TOPIC_REPLACED,
  /** Closed. */
  STOPPED;

  /** Whether rows wait that are not read on, so that somebody should look if it lasts. */
  boolean standsStill() {
    return switch (this) {
      case UNREACHABLE, WAITING_FOR_SCHEMA, DATA_LOSS, TOPIC_REPLACED -> true;
      case STARTING, WAITING_FOR_TOPIC, RUNNING, BACK_PRESSURE, SUSPENDED, STOPPED -> false;
    };
  }
}
