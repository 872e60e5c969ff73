package io.starfire.serving.metadata;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Which topics data sources are read from, by their ids. A row is there before anything of the
 * topic is read, so that a topic that was created again is told from the one that was read.
 */
public final class TopicReadTable {
  private final Handle handle;

  TopicReadTable(Handle handle) {
    this.handle = handle;
  }

  /** The id of the topic; empty if the data source never began to read it. */
  public Optional<String> id(String dataSource, String topic) {
    return handle
        .createQuery(
            "select topic_id from topic_read where data_source = :dataSource and topic = :topic")
        .bind("dataSource", dataSource)
        .bind("topic", topic)
        .mapTo(String.class)
        .findOne();
  }

  /** Sets the id of a topic, in the place of another one if there is one. */
  public void put(String dataSource, String topic, String topicId) {
    Upsert.put(
        handle,
        "update topic_read set topic_id = :id where data_source = :dataSource and topic = :topic",
        "insert into topic_read (data_source, topic, topic_id) values (:dataSource, :topic, :id)",
        row -> row.bind("dataSource", dataSource).bind("topic", topic).bind("id", topicId));
  }

  /** Forgets the topics of a data source. */
  public void removeAll(String dataSource) {
    handle
        .createUpdate("delete from topic_read where data_source = :dataSource")
        .bind("dataSource", dataSource)
        .execute();
  }
}
