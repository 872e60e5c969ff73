package io.starfire.cli.replay;

/** Time as it passes for a replay. */
interface ReplayClock {
  /** Nanoseconds since some instant. */
  long nanos();

  /** Waits until {@link #nanos} is at least this, or a little less, or the thread is unparked. */
  void waitUntil(long nanos);

  /** The system's. */
  ReplayClock SYSTEM =
      new ReplayClock() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void waitUntil(long nanos) {
          java.util.concurrent.locks.LockSupport.parkNanos(Math.max(0, nanos - System.nanoTime()));
        }
      };
}
