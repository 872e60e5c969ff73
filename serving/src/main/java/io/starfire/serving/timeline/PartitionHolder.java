package io.starfire.serving.timeline;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * The partitions of one interval and version, ordered by number. Immutable: adding and removing
 * make a new one.
 *
 * @param <T> what a chunk stands for
 */
public final class PartitionHolder<T> {
  private final List<PartitionChunk<T>> chunks;
  private final boolean complete;

  private PartitionHolder(Collection<PartitionChunk<T>> chunks) {
    this.chunks = List.copyOf(chunks);
    this.complete = isUnbroken(this.chunks);
  }

  /** A holder of nothing, which is not complete. */
  public static <T> PartitionHolder<T> empty() {
    return new PartitionHolder<>(List.of());
  }

  /**
   * With more chunks. One that is equal to a chunk already there is ignored: the first stays.
   *
   * @throws StarfireException with INVALID_INPUT if kinds mix; with INTERNAL if a number is there
   *     already with another core count or other bounds
   */
  public PartitionHolder<T> withAll(Collection<? extends PartitionChunk<T>> added) {
    TreeMap<Integer, PartitionChunk<T>> byNumber = new TreeMap<>();
    chunks.forEach(chunk -> byNumber.put(chunk.number(), chunk));
    for (PartitionChunk<T> chunk : added) {
      if (!byNumber.isEmpty()) {
        checkKind(byNumber.firstEntry().getValue(), chunk);
      }
      PartitionChunk<T> existing = byNumber.putIfAbsent(chunk.number(), chunk);
      if (existing != null && !existing.equals(chunk)) {
        throw new StarfireException(
            ErrorCode.INTERNAL,
            "partition %d is there already as %s, which differs from the new %s; core count and bounds of a partition cannot change"
                .formatted(chunk.number(), existing, chunk));
      }
    }
    return new PartitionHolder<>(byNumber.values());
  }

  PartitionHolder<T> without(PartitionChunk<T> removed) {
    return new PartitionHolder<>(chunks.stream().filter(chunk -> !chunk.equals(removed)).toList());
  }

  /** Whether no partition is missing, so that the set may be seen. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether some chunk has rows. */
  public boolean hasData() {
    return chunks.stream().anyMatch(PartitionChunk::hasData);
  }

  public boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** Ordered by number; immutable. */
  public List<PartitionChunk<T>> chunks() {
    return chunks;
  }

  /** Comparing chunks of different kinds throws; its result is of no interest here. */
  private static <T> void checkKind(PartitionChunk<T> existing, PartitionChunk<T> chunk) {
    int unused = existing.compareTo(chunk);
  }

  private static <T> boolean isUnbroken(List<PartitionChunk<T>> chunks) {
    if (chunks.isEmpty() || !chunks.get(0).isStart()) {
      return false;
    }
    PartitionChunk<T> current = chunks.get(0);
    for (int i = 1; i < chunks.size() && !current.isEnd(); i++) {
      PartitionChunk<T> next = chunks.get(i);
      if (!current.abuts(next)) {
        return false;
      }
      current = next;
    }
    return current.isEnd();
  }

  @Override
  public String toString() {
    return (complete ? "complete " : "incomplete ") + chunks;
  }
}
