package io.starfire.serving.broker;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.starfire.serving.query.model.SketchValue;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResultRow;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Whole answers of earlier queries that read segments and no live row. See {@link AnswerKey} for
 * why an entry is never wrong. A query is checked, and its view and its segments are looked up,
 * before its answer is taken from here. Thread-safe.
 */
final class AnswerCache {
  /** The share of the cache that one entry may take. */
  private static final int LARGEST_PART = 32;

  /** Of the key, which has the query and the names of the segments. */
  private static final int BYTES_OF_KEY = 2_000;

  private static final int BYTES_OF_VALUE = 32;

  private final Cache<AnswerKey, Kept> entries;
  private final long maxEntryBytes;

  private record Kept(QueryResult answer, int bytes) {}

  /**
   * @param maxBytes 0 for a cache that keeps nothing
   */
  AnswerCache(long maxBytes) {
    this.maxEntryBytes = maxBytes / LARGEST_PART;
    this.entries =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((AnswerKey key, Kept kept) -> kept.bytes)
            .executor(Runnable::run)
            .recordStats()
            .build();
  }

  boolean isUsable() {
    return maxEntryBytes > 0;
  }

  @Nullable Answer get(AnswerKey key) {
    Kept kept = entries.getIfPresent(key);
    return kept == null ? null : kept.answer;
  }

  /** Keeps an answer, unless it is large or is not in memory. */
  void put(AnswerKey key, Answer answer) {
    if (answer instanceof QueryResult result) {
      long bytes = bytes(result);
      if (bytes <= maxEntryBytes) {
        entries.put(key, new Kept(result, (int) bytes));
      }
    }
  }

  /** About what it takes; no more is counted than an entry may take. */
  private long bytes(QueryResult result) {
    long bytes =
        BYTES_OF_KEY + (long) result.rows().size() * result.names().size() * BYTES_OF_VALUE;
    for (ResultRow row : result.rows()) {
      if (bytes > maxEntryBytes) {
        break;
      }
      for (Object value : row.values()) {
        bytes += bytesOf(value);
      }
    }
    return bytes;
  }

  private static long bytesOf(@Nullable Object value) {
    if (value instanceof SketchValue sketch) {
      return sketch.bytes().length;
    }
    if (value instanceof double[] numbers) {
      return (long) Double.BYTES * numbers.length;
    }
    if (value instanceof Object[] elements) {
      return Arrays.stream(elements).mapToLong(one -> BYTES_OF_VALUE + bytesOf(one)).sum();
    }
    return value instanceof String text ? 2L * text.length() : 0;
  }

  /** How often something was found, since the start. */
  long hits() {
    return entries.stats().hitCount();
  }

  /** How often nothing was found, since the start. */
  long misses() {
    return entries.stats().missCount();
  }

  long entries() {
    return entries.estimatedSize();
  }

  long bytes() {
    return entries.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
