package io.starfire.serving.inventory;

import org.jspecify.annotations.Nullable;

/**
 * One role of a server, as Druid lists servers.
 *
 * @param host its name or address
 * @param port for HTTP
 * @param type Druid's name of the role
 * @param tier null if the role holds no data
 * @param usedBytes of segments
 * @param maxBytes of segments
 * @param leader null if the role has no leader
 * @param startedMillis when the process was started
 */
public record ServerEntry(
    String host,
    int port,
    String type,
    @Nullable String tier,
    long usedBytes,
    long maxBytes,
    @Nullable Boolean leader,
    long startedMillis) {
  /** The tier of all servers. */
  public static final String TIER = "_default_tier";

  /** Its name: host and port. */
  public String name() {
    return host + ":" + port;
  }
}
