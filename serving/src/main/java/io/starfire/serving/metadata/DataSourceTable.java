package io.starfire.serving.metadata;

import io.starfire.common.Json;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Data sources, and every schema that each of them ever had. */
public final class DataSourceTable {
  private static final String SELECT =
      "select d.topic, s.schema_json from data_source d join data_source_schema s"
          + " on s.data_source = d.name and s.fingerprint = d.fingerprint ";

  private final Handle handle;

  DataSourceTable(Handle handle) {
    this.handle = handle;
  }

  public Optional<DataSourceRegistration> find(String name) {
    return handle
        .createQuery(SELECT + "where d.name = :name")
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

  /** A schema that the data source has or had. */
  public Optional<DataSourceSchema> schema(String name, String fingerprint) {
    return handle
        .createQuery(
            "select schema_json from data_source_schema"
                + " where data_source = :name and fingerprint = :fingerprint")
        .bind("name", name)
        .bind("fingerprint", fingerprint)
        .mapTo(String.class)
        .findOne()
        .map(json -> Json.read(json, DataSourceSchema.class, "a schema in the metadata store"));
  }

  /**
   * The name of a schema: what rows written with its columns carry, so that they can be decoded.
   */
  public static String fingerprint(DataSourceSchema schema) {
    return DataRowCodec.of(schema).fingerprintHex();
  }

  /** Registers a data source, or replaces its topic and present schema. */
  public void put(DataSourceRegistration registration, long nowMillis) {
    String name = registration.schema().name();
    String fingerprint = fingerprint(registration.schema());
    Upsert.put(
        handle,
        "update data_source set fingerprint = :fingerprint, topic = :topic,"
            + " registered_at_millis = :now where name = :name",
        "insert into data_source (name, fingerprint, topic, registered_at_millis)"
            + " values (:name, :fingerprint, :topic, :now)",
        row ->
            row.bind("name", name)
                .bind("fingerprint", fingerprint)
                .bind("topic", registration.topic())
                .bind("now", nowMillis));
    Upsert.put(
        handle,
        "update data_source_schema set schema_json = :json, registered_at_millis = :now"
            + " where data_source = :name and fingerprint = :fingerprint",
        "insert into data_source_schema (data_source, fingerprint, schema_json,"
            + " registered_at_millis) values (:name, :fingerprint, :json, :now)",
        row ->
            row.bind("name", name)
                .bind("fingerprint", fingerprint)
                .bind("json", Json.write(registration.schema()))
                .bind("now", nowMillis));
  }

  private static DataSourceRegistration registration(String topic, String json) {
    return new DataSourceRegistration(
        Json.read(json, DataSourceSchema.class, "a schema in the metadata store"), topic);
  }
}
