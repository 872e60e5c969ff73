package io.starfire.segment.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * The place where segment files are kept for good, shared by all processes. Paths are relative to
 * its root, with {@code /} between names; one that is absolute, or leaves the root, is refused with
 * INVALID_INPUT. Implementations are thread-safe. Errors of the storage itself have UNAVAILABLE.
 */
public interface DeepStorage {
  /**
   * Stores a copy of a local file. The file appears whole or not at all. Storing the same bytes
   * again is no error.
   *
   * @return the path to be kept and given to the other methods
   * @throws io.starfire.common.StarfireException with CONFLICT if the path holds other bytes
   */
  String push(Path localFile, String relativePath);

  /**
   * Copies a stored file to a local one, which appears whole or not at all and replaces what was
   * there.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND if there is no such file
   */
  void fetch(String path, Path target);

  /** Deletes a stored file; that there is none is no error. */
  void delete(String path);

  boolean exists(String path);

  /** The names of the files directly in a directory, in order; none if there is no directory. */
  List<String> list(String directory);
}
