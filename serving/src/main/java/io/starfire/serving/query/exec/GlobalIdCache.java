package io.starfire.serving.query.exec;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.starfire.segment.column.StringColumn;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.filter.SharedRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is made of the dictionaries of segments: the {@link GlobalIds} of a column and some
 * segments, and a number for each value of a column of one segment, such as its hash for sketches.
 * A segment never changes, and another version of it has another name, so that no entry is ever
 * wrong; those of segments that are not asked for any more are dropped. Thread-safe.
 */
public final class GlobalIdCache {
  /** The share of the cache that one entry may take. */
  private static final int LARGEST_PART = 2;

  private static final int BYTES_OF_KEY = 200;

  /** With fewer values their texts are met sooner than a map is looked up. */
  private static final int MIN_VALUES = 4096;

  private final Cache<Key, Entry> entries;
  private final long maxEntryBytes;
  private final int minValues;

  /**
   * @param kind null for global ids, else what the numbers are
   * @param segments their names, in order
   */
  private record Key(String column, @Nullable Object kind, List<String> segments) {}

  /** Global ids, or a number for each value; of the two, one is null. */
  private static final class Entry {
    private final @Nullable GlobalIds ids;
    private final int @Nullable [] numbers;

    Entry(@Nullable GlobalIds ids, int @Nullable [] numbers) {
      this.ids = ids;
      this.numbers = numbers;
    }

    long bytes() {
      return (ids == null ? 0 : ids.bytes())
          + (numbers == null ? 0 : (long) Integer.BYTES * numbers.length);
    }
  }

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
            .weigher((Key key, Entry kept) -> (int) Math.min(Integer.MAX_VALUE, bytes(key, kept)))
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  private static long bytes(Key key, Entry kept) {
    return (long) BYTES_OF_KEY * key.segments.size() + kept.bytes();
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
    Key key = new Key(column, null, List.copyOf(segments));
    Entry found = entries.get(key, unused -> new Entry(GlobalIds.merge(columns, control), null));
    return requireNonNull(found.ids, "ids");
  }

  /** What is kept of the values of a segment's columns. */
  public SharedRows.DictionaryNumbers numbersOf(String segment) {
    return (column, cardinality, kind, unknown) -> {
      if ((long) cardinality * Integer.BYTES > maxEntryBytes) {
        return null;
      }
      Key key = new Key(column, kind, List.of(segment));
      return entries.get(key, unused -> new Entry(null, unknown.get())).numbers;
    };
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
