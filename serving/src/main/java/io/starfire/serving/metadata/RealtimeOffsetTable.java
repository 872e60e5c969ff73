package io.starfire.serving.metadata;

import io.starfire.protocol.RealtimeCommit;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** How far each Kafka partition is committed. */
public final class RealtimeOffsetTable {
  private final Handle handle;

  RealtimeOffsetTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * One partition's committed offset.
   *
   * @param dataSource that the rows go to
   * @param topic that they come from
   * @param kafkaPartition of the topic
   * @param committedOffset the next offset to read
   */
  public record Row(String dataSource, String topic, int kafkaPartition, long committedOffset) {}

  public List<Row> all() {
    return handle
        .createQuery(
            "select data_source, topic, kafka_partition, committed_offset from realtime_offset"
                + " order by data_source, topic, kafka_partition")
        .map(
            (row, context) ->
                new Row(row.getString(1), row.getString(2), row.getInt(3), row.getLong(4)))
        .list();
  }

  /** The committed offset of each partition that has one. */
  public Map<Integer, Long> offsets(String dataSource, String topic) {
    Map<Integer, Long> offsets = new TreeMap<>();
    for (Row row : all()) {
      if (row.dataSource().equals(dataSource) && row.topic().equals(topic)) {
        offsets.put(row.kafkaPartition(), row.committedOffset());
      }
    }
    return offsets;
  }

  public OptionalLong offset(String dataSource, String topic, int kafkaPartition) {
    Long offset = offsets(dataSource, topic).get(kafkaPartition);
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** Forgets how far the topics of a data source are committed: it is read from another one. */
  public void removeAll(String dataSource) {
    handle
        .createUpdate("delete from realtime_offset where data_source = :dataSource")
        .bind("dataSource", dataSource)
        .execute();
  }

  /** Sets a partition's committed offset to the end of the commit. */
  public void put(RealtimeCommit commit) {
    put(new Row(commit.dataSource(), commit.topic(), commit.kafkaPartition(), commit.endOffset()));
  }

  public void put(Row offset) {
    Upsert.put(
        handle,
        "update realtime_offset set committed_offset = :offset"
            + " where data_source = :dataSource and topic = :topic"
            + " and kafka_partition = :partition",
        "insert into realtime_offset (data_source, topic, kafka_partition, committed_offset)"
            + " values (:dataSource, :topic, :partition, :offset)",
        row ->
            row.bind("dataSource", offset.dataSource())
                .bind("topic", offset.topic())
                .bind("partition", offset.kafkaPartition())
                .bind("offset", offset.committedOffset()));
  }
}
