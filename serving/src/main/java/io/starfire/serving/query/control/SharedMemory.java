package io.starfire.serving.query.control;

/**
 * The memory of all queries of a process together. A query draws on it for all that it holds, and
 * gives it back when it ends. Thread-safe.
 */
public final class SharedMemory {
  private final MemoryAccount account;

  /**
   * @param limitBytes of all queries together, as the engine estimates them
   */
  public SharedMemory(long limitBytes) {
    this.account = MemoryAccount.ofProcess(limitBytes);
  }

  /** Half of what the heap may grow to: segments are mapped, and the rest is for live rows. */
  public static SharedMemory ofHeap() {
    return new SharedMemory(Runtime.getRuntime().maxMemory() / 2);
  }

  MemoryAccount account() {
    return account;
  }

  /** Bytes that are held. */
  public long usedBytes() {
    return account.usedBytes();
  }
}
