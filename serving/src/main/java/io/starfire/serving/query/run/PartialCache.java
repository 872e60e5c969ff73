package io.starfire.serving.query.run;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialCodec;
import org.jspecify.annotations.Nullable;

/**
 * What earlier queries found in segments, as {@link PartialCodec} writes it. The key names the
 * segment with its version, the rows of it that count, and all of the query that decides about
 * groups. A segment never changes, and another version is another segment, so no entry is ever
 * wrong: replacing data, a staged view or a rollback only chooses other segments or other parts of
 * them. Live rows have no key. What is largest or was not used for long is dropped first.
 * Thread-safe.
 */
public final class PartialCache {
  /** The share of the cache that one entry may take. */
  private static final int LARGEST_PART = 32;

  private static final int BYTES_OF_KEY = 500;

  private final Cache<PartialKey, byte[]> entries;
  private final long maxEntryBytes;

  /**
   * @param maxBytes 0 for a cache that keeps nothing
   */
  public PartialCache(long maxBytes) {
    this.maxEntryBytes = maxBytes / LARGEST_PART;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((PartialKey key, byte[] bytes) -> BYTES_OF_KEY + bytes.length)
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  boolean isUsable() {
    return maxEntryBytes > 0;
  }

  /** Null if there is none. It counts no rows, since none were looked at. */
  @Nullable Partial get(PartialKey key, AggregateQuery query, QueryControl control) {
    byte[] bytes = entries.getIfPresent(key);
    if (bytes == null) {
      return null;
    }
    Partial partial = PartialCodec.read(query, bytes, control);
    partial.countRows(-partial.rowsScanned(), -partial.rowsMatched());
    return partial;
  }

  /** Keeps a partial result, unless it is large; it stays as it is. */
  void put(PartialKey key, Partial partial, QueryControl control) {
    // What arrays have room for is more than what is written.
    if (partial.bytes() <= 2 * maxEntryBytes) {
      byte[] bytes = PartialCodec.write(partial, control);
      if (bytes.length <= maxEntryBytes) {
        entries.put(key, bytes);
      }
    }
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
