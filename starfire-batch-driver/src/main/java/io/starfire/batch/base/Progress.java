package io.starfire.batch.base;

/**
 * Hears how far a run is. Called by the thread that runs it, and while that one waits, by another.
 */
@FunctionalInterface
public interface Progress {
  /** For callers who do not want to know. */
  Progress SILENT = line -> {};

  /** One line for the user, without a line feed. */
  void line(String text);

  /** The coordinator has taken a publication. */
  default void registered(String publicationId) {
    line("publication %s: registered".formatted(publicationId));
  }
}
