package io.starfire.kernel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of the heap the states of a process may take together before they move entries to their
 * buffers. What an entry takes is an estimate. Thread-safe.
 */
public final class HeapBudget {
  private final long limitBytes;
  private final AtomicLong usedBytes = new AtomicLong();

  public HeapBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  void change(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  boolean isExceeded() {
    return usedBytes.get() > limitBytes;
  }
}
