package io.starfire.segment.storage;

import java.util.Map;

/**
 * Reaches deep storage that is not on the local disk. Found by {@link java.util.ServiceLoader}, so
 * that who uses deep storage needs no Hadoop on the class path while it is on the local disk.
 */
public interface DeepStorageProvider {
  /** Whether it knows roots of this scheme, such as {@code hdfs}. */
  boolean knows(String scheme);

  /**
   * Opens deep storage.
   *
   * @param root with its scheme
   * @param properties of the file system's client, by its own names
   * @throws io.starfire.common.StarfireException with UNAVAILABLE if it cannot be reached
   */
  DeepStorage open(String root, Map<String, String> properties);
}
