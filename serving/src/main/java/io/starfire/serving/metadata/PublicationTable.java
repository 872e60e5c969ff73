package io.starfire.serving.metadata;

import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Publications of batch runs; their segments are in the {@link SegmentTable}. */
public final class PublicationTable {
  private static final String SELECT =
      "select id, version, state, held, accept_loss, reason, intervals_json,"
          + " registered_at_millis, activated_at_millis, view_number, rolled_back_at_millis,"
          + " rolled_back_view_number from publication ";

  private final Handle handle;

  PublicationTable(Handle handle) {
    this.handle = handle;
  }

  public Optional<PublicationRow> find(String id) {
    return handle
        .createQuery(SELECT + "where id = :id")
        .bind("id", id)
        .map((row, context) -> row(row, dataSources(id)))
        .findOne();
  }

  /** All of them, in order of registration. */
  public List<PublicationRow> all() {
    Map<String, List<String>> dataSources = dataSources();
    return handle
        .createQuery(SELECT + "order by registered_at_millis, id")
        .map((row, context) -> row(row, dataSources.getOrDefault(row.getString("id"), List.of())))
        .list();
  }

  public List<PublicationRow> inState(State state) {
    Map<String, List<String>> dataSources = dataSources();
    return handle
        .createQuery(SELECT + "where state = :state order by registered_at_millis, id")
        .bind("state", state.name())
        .map((row, context) -> row(row, dataSources.getOrDefault(row.getString("id"), List.of())))
        .list();
  }

  /** Stores a publication as staged. */
  public void add(String id, PublicationRequest request, long nowMillis) {
    handle
        .createUpdate(
            "insert into publication (id, version, state, held, accept_loss, reason,"
                + " intervals_json, plan_fingerprint, grants_json, pin_json, registered_at_millis,"
                + " activated_at_millis, view_number, rolled_back_at_millis,"
                + " rolled_back_view_number) values (:id, :version, 'STAGED', :held, :acceptLoss,"
                + " '', :intervals, :plan, :grants, :pin, :now, 0, 0, 0, 0)")
        .bind("id", id)
        .bind("version", request.version())
        .bind("held", request.hold())
        .bind("acceptLoss", request.acceptLoss())
        .bind("intervals", Json.write(request.intervals()))
        .bind("plan", request.planFingerprint())
        .bind("grants", Json.write(request.grants()))
        .bind("pin", Json.write(request.pin()))
        .bind("now", nowMillis)
        .execute();
    for (String dataSource : request.dataSources()) {
      handle.execute(
          "insert into publication_data_source (publication_id, data_source, version)"
              + " values (?, ?, ?)",
          id,
          dataSource,
          request.version());
    }
    for (DataSourceSchema schema : request.schemas()) {
      handle.execute(
          "insert into publication_schema (publication_id, data_source, schema_json)"
              + " values (?, ?, ?)",
          id,
          schema.name(),
          Json.write(schema));
    }
  }

  /** A publication that has a schema for a data source. */
  public record WithSchema(String id, String version, DataSourceSchema schema) {}

  /** Those that have a schema for the data source, in the order of their versions. */
  public List<WithSchema> withSchemas(String dataSource) {
    return handle
        .createQuery(
            "select s.publication_id, p.version, s.schema_json from publication_schema s"
                + " join publication p on p.id = s.publication_id"
                + " where s.data_source = :dataSource")
        .bind("dataSource", dataSource)
        .map(
            (row, context) ->
                new WithSchema(
                    row.getString(1),
                    row.getString(2),
                    Json.read(
                        row.getString(3),
                        DataSourceSchema.class,
                        "a schema in the metadata store")))
        .stream()
        .sorted(Comparator.comparing(WithSchema::version))
        .toList();
  }

  /** The schemas that a publication has for its data sources. */
  public List<DataSourceSchema> schemas(String id) {
    return handle
        .createQuery(
            "select schema_json from publication_schema where publication_id = :id"
                + " order by data_source")
        .bind("id", id)
        .mapTo(String.class)
        .map(json -> Json.read(json, DataSourceSchema.class, "a schema in the metadata store"))
        .list();
  }

  public void activate(String id, long nowMillis, long viewNumber) {
    handle
        .createUpdate(
            "update publication set state = 'ACTIVE', reason = '', activated_at_millis = :now,"
                + " view_number = :view where id = :id")
        .bind("id", id)
        .bind("now", nowMillis)
        .bind("view", viewNumber)
        .execute();
  }

  public void abort(String id) {
    handle.execute("update publication set state = 'ABORTED', reason = '' where id = ?", id);
  }

  /** Notes that an active publication was rolled back. */
  public void rollBack(String id, long nowMillis, long viewNumber) {
    handle
        .createUpdate(
            "update publication set state = 'ROLLED_BACK', rolled_back_at_millis = :now,"
                + " rolled_back_view_number = :view where id = :id")
        .bind("id", id)
        .bind("now", nowMillis)
        .bind("view", viewNumber)
        .execute();
  }

  /** Lets a held publication become active. */
  public void release(String id, boolean acceptLoss) {
    handle.execute(
        "update publication set held = false, accept_loss = ? where id = ?", acceptLoss, id);
  }

  public void setReason(String id, String reason) {
    handle.execute("update publication set reason = ? where id = ?", reason, id);
  }

  private static PublicationRow row(ResultSet row, List<String> dataSources) throws SQLException {
    return new PublicationRow(
        row.getString("id"),
        dataSources,
        row.getString("version"),
        State.valueOf(row.getString("state")),
        row.getBoolean("held"),
        row.getBoolean("accept_loss"),
        row.getString("reason"),
        List.of(
            Json.read(
                row.getString("intervals_json"),
                Interval[].class,
                "the intervals of a publication in the metadata store")),
        row.getLong("registered_at_millis"),
        row.getLong("activated_at_millis"),
        row.getLong("view_number"),
        row.getLong("rolled_back_at_millis"),
        row.getLong("rolled_back_view_number"));
  }

  private List<String> dataSources(String id) {
    return handle
        .createQuery(
            "select data_source from publication_data_source where publication_id = :id"
                + " order by data_source")
        .bind("id", id)
        .mapTo(String.class)
        .list();
  }

  /** Of all publications, by id. */
  private Map<String, List<String>> dataSources() {
    Map<String, List<String>> dataSources = new HashMap<>();
    handle
        .createQuery(
            "select publication_id, data_source from publication_data_source order by data_source")
        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(
            entry ->
                dataSources
                    .computeIfAbsent(entry.getKey(), id -> new ArrayList<>())
                    .add(entry.getValue()));
    return dataSources;
  }
}
