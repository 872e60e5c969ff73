package io.starfire.serving.role;

import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.RealtimeCommit;
import java.util.Map;
import java.util.Optional;

/**
 * What a real-time node asks of the coordinator. In standalone mode a call, in a cluster HTTP.
 * Implementations are thread-safe.
 */
public interface RealtimeCoordination {
  /** The committed offset (the next one to read) of each Kafka partition that has one. */
  Map<Integer, Long> committedOffsets(String dataSource, String topic);

  /** The id of the topic when the data source first committed from it; empty before that. */
  Optional<String> committedTopicId(String dataSource, String topic);

  /**
   * The schema whose rows carry a fingerprint; empty if the data source never had it.
   *
   * @param fingerprint 16 hexadecimal digits, as of {@link
   *     io.starfire.event.DataRowCodec#fingerprintHex}
   */
  Optional<DataSourceSchema> schema(String dataSource, String fingerprint);

  /**
   * Makes dimensions known that were discovered, so that queries may name them whatever they read:
   * those that the registered schema lacks are appended to it. Nothing is taken over from a schema
   * that has other metrics, or columns of other types.
   */
  void extendSchema(DataSourceSchema wider);

  /**
   * Commits where a data source begins to read a topic, all partitions in one transaction. If
   * anything is committed already, nothing changes.
   *
   * @param starts the next offset to read of each Kafka partition
   */
  void commitStarts(String dataSource, String topic, String topicId, Map<Integer, Long> starts);

  /** Commits a range with its segments, in one transaction. See {@link RealtimeCommit}. */
  CommitOutcome commit(RealtimeCommit commit);

  /**
   * Whether the node may drop its copy of everything that it committed up to {@code viewNumber} of
   * this commit: historicals serve all of {@code outcome}'s segments (or nothing of them shows) and
   * no query still uses a view older than {@code outcome.viewNumber()}.
   */
  boolean handedOff(CommitOutcome outcome);
}
