package io.starfire.serving.metadata;

import io.starfire.common.Json;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Data sources with their schemas in force, and every schema by which rows were written to their
 * topics.
 */
public final class DataSourceTable {
  private static final String SELECT = "select topic, schema_json from data_source ";

  private final Handle handle;

  DataSourceTable(Handle handle) {
    this.handle = handle;
  }

  public Optional<DataSourceRegistration> find(String name) {
    return handle
        .createQuery(SELECT + "where name = :name")
        .bind("name", name)
        .map((row, context) -> registration(row.getString(1), row.getString(2)))
        .findOne();
  }

  /** All of them, ordered by name; here, since databases order text in ways of their own. */
  public List<DataSourceRegistration> all() {
    return handle
        .createQuery(SELECT)
        .map((row, context) -> registration(row.getString(1), row.getString(2)))
        .stream()
        .sorted(Comparator.comparing(registration -> registration.schema().name()))
        .toList();
  }

  /**
   * The schema by which the rows of a fingerprint are decoded and stored. Of several that have its
   * columns it is the one that was registered last, whatever was published.
   */
  public Optional<DataSourceSchema> schema(String name, String fingerprint) {
    return handle
        .createQuery(
            "select schema_json from data_source_schema"
                + " where data_source = :name and fingerprint = :fingerprint")
        .bind("name", name)
        .bind("fingerprint", fingerprint)
        .mapTo(String.class)
        .findOne()
        .map(DataSourceTable::schema);
  }

  /**
   * The name of a schema: what rows written with its columns carry, so that they can be decoded.
   */
  public static String fingerprint(DataSourceSchema schema) {
    return DataRowCodec.of(schema).fingerprintHex();
  }

  /**
   * The schema that was registered last.
   *
   * @param viewNumber the view that showed it first
   */
  public record Registered(DataSourceSchema schema, long viewNumber) {}

  /** The schema that was registered last, which need not be the one in force. */
  public Optional<Registered> registered(String name) {
    return handle
        .createQuery(
            "select registered_schema_json, registered_view_number from data_source"
                + " where name = :name")
        .bind("name", name)
        .map((row, context) -> new Registered(schema(row.getString(1)), row.getLong(2)))
        .findOne();
  }

  /**
   * Registers a data source, or replaces its topic and schema. The schema is in force from the next
   * view on, whose number the transaction has not taken yet.
   */
  public void put(DataSourceRegistration registration, long nowMillis) {
    String name = registration.schema().name();
    Upsert.put(
        handle,
        "update data_source set schema_json = :json, topic = :topic,"
            + " registered_at_millis = :now, registered_schema_json = :json,"
            + " registered_view_number = (select number + 1 from view_counter)"
            + " where name = :name",
        "insert into data_source (name, schema_json, topic, registered_at_millis,"
            + " registered_schema_json, registered_view_number)"
            + " values (:name, :json, :topic, :now, :json,"
            + " (select number + 1 from view_counter))",
        row ->
            row.bind("name", name)
                .bind("topic", registration.topic())
                .bind("now", nowMillis)
                .bind("json", Json.write(registration.schema())));
    keep(registration.schema(), nowMillis);
  }

  /** Replaces the topic alone. */
  public void putTopic(String name, String topic) {
    handle.execute("update data_source set topic = ? where name = ?", topic, name);
  }

  /**
   * Puts a schema in force that was not registered, but published. Rows on the topic are decoded
   * and stored as before.
   */
  public void putInForce(DataSourceSchema schema) {
    handle.execute(
        "update data_source set schema_json = ? where name = ?", Json.write(schema), schema.name());
  }

  private void keep(DataSourceSchema schema, long nowMillis) {
    Upsert.put(
        handle,
        "update data_source_schema set schema_json = :json, registered_at_millis = :now"
            + " where data_source = :name and fingerprint = :fingerprint",
        "insert into data_source_schema (data_source, fingerprint, schema_json,"
            + " registered_at_millis) values (:name, :fingerprint, :json, :now)",
        row ->
            row.bind("name", schema.name())
                .bind("fingerprint", fingerprint(schema))
                .bind("json", Json.write(schema))
                .bind("now", nowMillis));
  }

  private static DataSourceSchema schema(String json) {
    return Json.read(json, DataSourceSchema.class, "a schema in the metadata store");
  }

  private static DataSourceRegistration registration(String topic, String json) {
    return new DataSourceRegistration(schema(json), topic);
  }
}
