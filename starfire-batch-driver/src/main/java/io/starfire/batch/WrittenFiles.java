package io.starfire.batch;

import java.util.Locale;

/**
 * The files that a run has written for one sink. Immutable.
 *
 * @param name of the files
 * @param directory in which they are
 * @param files how many
 * @param sizeBytes of all of them
 * @param inPlace whether readers find them; if not, they wait for the run's publication
 */
public record WrittenFiles(
    String name, String directory, int files, long sizeBytes, boolean inPlace) {
  /** For a person. */
  String line() {
    return String.format(
        Locale.ROOT,
        "files %s: %,d files, %,d bytes %s %s",
        name,
        files,
        sizeBytes,
        inPlace ? "in" : "wait in",
        directory);
  }
}
