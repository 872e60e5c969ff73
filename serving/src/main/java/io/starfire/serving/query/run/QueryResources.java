package io.starfire.serving.query.run;

import static java.util.Objects.requireNonNull;

import io.starfire.serving.query.exec.GlobalIdCache;

/**
 * What all queries of a process share. Thread-safe.
 *
 * @param threads that scan and merge
 * @param space for groups that do not fit the memory of their query
 * @param cache of what earlier queries found in segments
 * @param globalIds of the dictionaries of segments
 */
public record QueryResources(
    ScanPool threads, SpillSpace space, PartialCache cache, GlobalIdCache globalIds)
    implements AutoCloseable {
  public QueryResources {
    requireNonNull(threads, "threads");
    requireNonNull(space, "space");
    requireNonNull(cache, "cache");
    requireNonNull(globalIds, "globalIds");
  }

  /** Without maps between dictionaries. */
  public QueryResources(ScanPool threads, SpillSpace space, PartialCache cache) {
    this(threads, space, cache, new GlobalIdCache(0));
  }

  /** Threads alone: nothing is spilled, and nothing is kept. */
  public static QueryResources of(ScanPool threads) {
    return new QueryResources(threads, SpillSpace.none(), new PartialCache(0));
  }

  /** Ends the threads; queries that are running may fail. */
  @Override
  public void close() {
    threads.close();
  }
}
