package io.starfire.segment.storage;

/** Which files deep storage has. Implementations are thread-safe. */
public interface StoredFiles {
  /** Where the files are, for messages: a directory, or an address that Hadoop knows. */
  String root();

  /** Whether there is a file at a path relative to the root. */
  boolean exists(String path);
}
