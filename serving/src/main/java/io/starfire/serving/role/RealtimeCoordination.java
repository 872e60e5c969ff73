package io.starfire.serving.role;

import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.RealtimeCommit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What a real-time node asks of the coordinator. Implementations are thread-safe. */
public interface RealtimeCoordination {
  /** The committed offset (the next one to read) of each Kafka partition that has one. */
  Map<Integer, Long> committedOffsets(String dataSource, String topic);

  /**
   * Tells which topic of a name is read, before anything of it is read. The first id that is told
   * is stored. A topic with another id was created after that, and must not be read.
   *
   * @param topicId the id that the topic has now
   * @return the id that is stored
   */
  String beginReading(String dataSource, String topic, String topicId);

  /**
   * The schema whose rows carry a fingerprint; empty if the data source never had it.
   *
   * @param fingerprint 16 hexadecimal digits, as from {@link
   *     io.starfire.event.DataRowCodec#fingerprintHex}
   */
  Optional<DataSourceSchema> schema(String dataSource, String fingerprint);

  /**
   * Appends discovered dimensions to the registered schema, so that every query may name them. Does
   * nothing if the given schema has other metrics, or columns of other types.
   */
  void extendSchema(DataSourceSchema wider);

  /**
   * Commits where a data source begins to read a topic, for all partitions in one transaction. Does
   * nothing if anything is committed already.
   *
   * @param starts the next offset to read of each Kafka partition
   */
  void commitStarts(String dataSource, String topic, String topicId, Map<Integer, Long> starts);

  /** Commits a range with its segments, in one transaction. See {@link RealtimeCommit}. */
  CommitOutcome commit(RealtimeCommit commit);

  /**
   * Tells when the node may drop its copy of the rows that it committed: when historicals serve all
   * segments of {@code outcome} that are visible, and every broker has acknowledged that it uses no
   * view older than {@code outcome.viewNumber()}. Returns at once. A node asks once for each
   * commit.
   *
   * @return completed then; failed if the coordinator goes away before, so that the node asks again
   */
  CompletableFuture<Void> whenHandedOff(CommitOutcome outcome);
}
