package io.starfire.serving.query.control;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one query, over all its scans and merges together: bytes as the engine estimates
 * them. A part of a query may have an account of its own, which draws on that of the whole, so that
 * what the part holds can be given back at once. Thread-safe.
 */
final class MemoryAccount {
  private final @Nullable MemoryAccount whole;
  private final long limitBytes;

  /** Whether other queries share it, so that a query may be refused for what they hold. */
  private final boolean isShared;

  private final AtomicLong usedBytes = new AtomicLong();

  private MemoryAccount(@Nullable MemoryAccount whole, long limitBytes, boolean isShared) {
    this.whole = whole;
    this.limitBytes = limitBytes;
    this.isShared = isShared;
  }

  /** The account of all queries together. */
  static MemoryAccount ofProcess(long limitBytes) {
    return new MemoryAccount(null, limitBytes, true);
  }

  /**
   * @param mostBytes that the part may hold
   */
  MemoryAccount part(long mostBytes) {
    return new MemoryAccount(this, mostBytes, false);
  }

  /**
   * @param advice what a user can do if there is no room
   * @throws StarfireException with CAPACITY_EXCEEDED if there is no room; nothing is taken then
   */
  void reserve(long bytes, String advice) {
    MemoryAccount full = take(bytes);
    if (full != null && full.isShared) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the queries that run need more than the %d bytes of memory that they have together; try again later, or %s"
              .formatted(full.limitBytes, advice));
    }
    if (full != null) {
      throw new StarfireException(
          ErrorCode.CAPACITY_EXCEEDED,
          "the query needs more than its limit of %d bytes of memory; %s"
              .formatted(full.limitBytes, advice));
    }
  }

  /** Null, or the account that has no room. */
  private @Nullable MemoryAccount take(long bytes) {
    long used = usedBytes.addAndGet(bytes);
    MemoryAccount full = used > limitBytes ? this : whole == null ? null : whole.take(bytes);
    if (full != null) {
      usedBytes.addAndGet(-bytes);
    }
    return full;
  }

  /** Bytes that can still be taken. */
  long freeBytes() {
    long free = limitBytes - usedBytes.get();
    return whole == null ? free : Math.min(free, whole.freeBytes());
  }

  void release(long bytes) {
    usedBytes.addAndGet(-bytes);
    if (whole != null) {
      whole.release(bytes);
    }
  }

  void releaseAll() {
    long held = usedBytes.getAndSet(0);
    if (whole != null) {
      whole.release(held);
    }
  }

  long usedBytes() {
    return usedBytes.get();
  }
}
