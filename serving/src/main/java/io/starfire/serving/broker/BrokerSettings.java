package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * The limits of queries. All are inclusive. Immutable.
 *
 * @param scanThreads number of threads that read rows, for all queries together
 * @param maxRunningQueries number of queries that run at once
 * @param maxQueuedQueries number of queries that wait; further ones are refused
 * @param defaultTimeout time limit of a query that sets none
 * @param maxTimeout the longest time limit that a query may set
 * @param maxMemoryBytes memory of one query, over all its scans and merges, as the engine estimates
 *     it
 */
public record BrokerSettings(
    int scanThreads,
    int maxRunningQueries,
    int maxQueuedQueries,
    Duration defaultTimeout,
    Duration maxTimeout,
    long maxMemoryBytes) {
  public BrokerSettings {
    if (scanThreads < 1 || maxRunningQueries < 1 || maxQueuedQueries < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the broker needs at least 1 thread and 1 running query, and no negative queue; got %d, %d and %d"
              .formatted(scanThreads, maxRunningQueries, maxQueuedQueries));
    }
  }
}
