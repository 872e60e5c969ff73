package io.starfire.serving.realtime;

/** What a real-time data source, or one Kafka partition of it, is doing. */
public enum RealtimeState {
  /** Not connected yet. */
  STARTING,
  /** The topic does not exist; it is looked for again and again. */
  WAITING_FOR_TOPIC,
  /** Kafka or the coordinator does not answer; rows read so far stay queryable. */
  UNREACHABLE,
  /** Reading. */
  RUNNING,
  /** Reading is held up until persists have freed memory; nothing is dropped. */
  BACK_PRESSURE,
  /** The next row carries the fingerprint of a schema that is not known yet. Nothing is lost. */
  WAITING_FOR_SCHEMA,
  /** Told not to read; what was read is handed off. */
  SUSPENDED,
  /** Records that are not committed are no longer in the log. Not read on, unless told to. */
  DATA_LOSS,
  /** The topic was deleted and made again. Nothing of the new one is read. */
  TOPIC_REPLACED,
  /** Closed. */
  STOPPED
}
