package io.starfire.serving.metadata;

import io.starfire.protocol.VersionRequest;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/** Batch versions that were handed out, as milliseconds since the epoch. */
public final class VersionTable {
  private final Handle handle;

  VersionTable(Handle handle) {
    this.handle = handle;
  }

  /** The largest version that was ever handed out. */
  public OptionalLong last() {
    return handle
        .createQuery("select max(version_millis) from batch_version")
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** Whether the version was handed out for that data source. */
  public boolean handedOut(String dataSource, long versionMillis) {
    return handle
        .createQuery(
            "select count(*) from batch_version"
                + " where version_millis = :version and data_source = :dataSource")
        .bind("version", versionMillis)
        .bind("dataSource", dataSource)
        .mapTo(Long.class)
        .one()
        .equals(1L);
  }

  public void add(long versionMillis, VersionRequest request, long nowMillis) {
    handle
        .createUpdate(
            "insert into batch_version (version_millis, data_source, intervals_json,"
                + " run_start_millis, handed_out_at_millis)"
                + " values (:version, :dataSource, :intervals, :runStart, :now)")
        .bind("version", versionMillis)
        .bind("dataSource", request.dataSource())
        .bind("intervals", Json.write(request.intervals()))
        .bind("runStart", request.runStartMillis())
        .bind("now", nowMillis)
        .execute();
  }
}
