package io.starfire.segment.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * The permanent place of segment files, shared by all processes. Paths are relative to its root,
 * with {@code /} between names. A path that is absolute or leaves the root is INVALID_INPUT. An
 * error of the storage itself is UNAVAILABLE. Implementations are thread-safe.
 */
public interface DeepStorage extends StoredFiles {
  /**
   * Stores a copy of a local file. The file appears whole or not at all. Does nothing if the path
   * holds the same bytes already.
   *
   * @return the path to store and to pass to the other methods
   * @throws io.starfire.common.StarfireException with CONFLICT if the path holds other bytes
   */
  String push(Path localFile, String relativePath);

  /**
   * Copies a stored file to a local one, and replaces it if it exists. The local file appears whole
   * or not at all.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND if there is no such file
   */
  void fetch(String path, Path target);

  /** Deletes a stored file. Does nothing if it is absent. */
  void delete(String path);

  /**
   * The names of the files directly in a directory, sorted; empty if there is no such directory.
   */
  List<String> list(String directory);
}
