package io.starfire.serving.broker;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.time.Duration;

/**
 * What queries may use.
 *
 * @param scanThreads that read rows, for all queries together
 * @param maxRunningQueries at once
 * @param maxQueuedQueries that wait for their turn; further ones are refused
 * @param defaultTimeout of a query that does not say
 * @param maxTimeout that a query may ask for
 * @param maxMemoryBytes of one query, over all its scans and merges, as estimated by the engine
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
