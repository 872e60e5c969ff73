package io.starfire.serving.broker;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

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
 * @param lanes of each lane, how many of its queries run at once
 * @param spill where groups go that do not fit that memory; empty if they are an error
 * @param caches what is kept of earlier queries
 */
public record BrokerSettings(
    int scanThreads,
    int maxRunningQueries,
    int maxQueuedQueries,
    Duration defaultTimeout,
    Duration maxTimeout,
    long maxMemoryBytes,
    Map<String, Integer> lanes,
    Optional<Spill> spill,
    Caches caches) {
  /**
   * What is kept of earlier queries.
   *
   * @param partialBytes of partial results of segments; 0 for none
   * @param answerBytes of whole answers; 0 for none
   * @param globalIdBytes of maps between the dictionaries of segments; 0 for none
   */
  public record Caches(long partialBytes, long answerBytes, long globalIdBytes) {
    /** Nothing is kept. */
    public static final Caches NONE = new Caches(0, 0, 0);
  }

  /**
   * Groups on disk.
   *
   * @param directory of this process alone; emptied when the broker starts
   * @param maxBytes of all queries together
   * @param atBytes memory that merged groups of one query take before they are spilled
   */
  public record Spill(Path directory, long maxBytes, long atBytes) {
    public Spill {
      requireNonNull(directory, "directory");
    }
  }

  public BrokerSettings {
    if (scanThreads < 1 || maxRunningQueries < 1 || maxQueuedQueries < 0) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the broker needs at least 1 thread and 1 running query, and no negative queue; got %d, %d and %d"
              .formatted(scanThreads, maxRunningQueries, maxQueuedQueries));
    }
    lanes = Map.copyOf(lanes);
    lanes.forEach(
        (lane, queries) -> {
          if (queries < 1) {
            throw new StarfireException(
                ErrorCode.INVALID_INPUT,
                "lane '%s' must let at least 1 query run, got %d".formatted(lane, queries));
          }
        });
    requireNonNull(spill, "spill");
    requireNonNull(caches, "caches");
  }

  /** Without lanes, without a disk and without caches. */
  public BrokerSettings(
      int scanThreads,
      int maxRunningQueries,
      int maxQueuedQueries,
      Duration defaultTimeout,
      Duration maxTimeout,
      long maxMemoryBytes) {
    this(
        scanThreads,
        maxRunningQueries,
        maxQueuedQueries,
        defaultTimeout,
        maxTimeout,
        maxMemoryBytes,
        Map.of(),
        Optional.empty(),
        Caches.NONE);
  }
}
