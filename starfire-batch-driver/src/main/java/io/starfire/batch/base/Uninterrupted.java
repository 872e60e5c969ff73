package io.starfire.batch.base;

/**
 * Runs what has to be done although the thread was asked to stop: calls of Hadoop's clients fail at
 * once on a thread that is interrupted. Stateless.
 */
public final class Uninterrupted {
  private Uninterrupted() {}

  /** Runs it; an interrupt from before shows again afterwards. */
  public static void run(Runnable work) {
    boolean interrupted = Thread.interrupted();
    try {
      work.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
