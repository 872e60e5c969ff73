package io.starfire.serving.query.exec;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import java.util.List;

/**
 * Keeps the {@link GlobalIds} of a column and some segments. A segment never changes, and another
 * version of it has another name, so that no entry is ever wrong; those of segments that are not
 * asked for any more are dropped. Thread-safe.
 */
public final class GlobalIdCache {
  /** The share of the cache that one entry may take. */
  private static final int LARGEST_PART = 2;

  private static final int BYTES_OF_KEY = 200;

  /** With fewer values their texts are met sooner than a map is looked up. */
  private static final int MIN_VALUES = 4096;

  private final Cache<Key, GlobalIds> entries;
  private final long maxEntryBytes;
  private final int minValues;

  /**
   * @param segments their names, in order
   */
  private record Key(String column, List<String> segments) {}

  /**
   * @param maxBytes of all entries; 0 for a cache that keeps nothing, and then no ids are merged
   */
  public GlobalIdCache(long maxBytes) {
    this(maxBytes, MIN_VALUES);
  }

  /**
   * As the other.
   *
   * @param minValues of all dictionaries together; those of fewer are not merged
   */
  public GlobalIdCache(long maxBytes, int minValues) {
    this.minValues = minValues;
    this.maxEntryBytes = maxBytes / LARGEST_PART;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((Key key, GlobalIds ids) -> (int) Math.min(Integer.MAX_VALUE, bytes(key, ids)))
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  private static long bytes(Key key, GlobalIds ids) {
    return (long) BYTES_OF_KEY * key.segments.size() + ids.bytes();
  }

  /** Whether global ids of so many values pay, and can be kept. */
  boolean isFor(long values) {
    return values >= minValues && values * Integer.BYTES <= maxEntryBytes;
  }

  /**
   * The global ids of columns; merges them if they are not there.
   *
   * @param segments the names of the row sets of the columns
   */
  GlobalIds get(
      String column, List<String> segments, List<StringColumn> columns, QueryControl control) {
    Key key = new Key(column, List.copyOf(segments));
    return entries.get(key, unused -> GlobalIds.merge(columns, control));
  }

  /** How often something was found, since the start. */
  public long hits() {
    return entries.stats().hitCount();
  }

  /** How often nothing was found, since the start. */
  public long misses() {
    return entries.stats().missCount();
  }

  public long entries() {
    return entries.estimatedSize();
  }

  public long bytes() {
    return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
