package io.starfire.serving.metadata;

import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.protocol.VersionRequest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Batch versions that were handed out, by data source, as milliseconds since the epoch. */
public final class VersionTable {
  private final Handle handle;

  VersionTable(Handle handle) {
    this.handle = handle;
  }

  /** The largest version that was ever handed out for a data source. */
  public OptionalLong last(String dataSource) {
    return handle
        .createQuery(
            "select max(version_millis) from batch_version where data_source = :dataSource")
        .bind("dataSource", dataSource)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** The intervals that a version was handed out for; empty if it was not. */
  public Optional<List<Interval>> intervals(String dataSource, long versionMillis) {
    return handle
        .createQuery(
            "select intervals_json from batch_version"
                + " where version_millis = :version and data_source = :dataSource")
        .bind("version", versionMillis)
        .bind("dataSource", dataSource)
        .mapTo(String.class)
        .findOne()
        .map(
            json ->
                List.of(
                    Json.read(
                        json,
                        Interval[].class,
                        "the intervals of a version in the metadata store")));
  }

  /** The number of the last view when a version was handed out; empty if it was not. */
  public OptionalLong viewNumber(String dataSource, long versionMillis) {
    return handle
        .createQuery(
            "select view_number from batch_version"
                + " where version_millis = :version and data_source = :dataSource")
        .bind("version", versionMillis)
        .bind("dataSource", dataSource)
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Notes a version for each data source of the request. */
  public void add(long versionMillis, VersionRequest request, long nowMillis) {
    for (String dataSource : request.dataSources()) {
      handle
          .createUpdate(
              "insert into batch_version (version_millis, data_source, intervals_json,"
                  + " run_start_millis, handed_out_at_millis, view_number)"
                  + " values (:version, :dataSource, :intervals, :runStart, :now,"
                  + " (select number from view_counter))")
          .bind("version", versionMillis)
          .bind("dataSource", dataSource)
          .bind("intervals", Json.write(request.intervals()))
          .bind("runStart", request.runStartMillis())
          .bind("now", nowMillis)
          .execute();
    }
  }
}
