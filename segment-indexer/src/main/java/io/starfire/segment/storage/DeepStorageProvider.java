package io.starfire.segment.storage;

import java.util.Map;

/**
 * Opens deep storage that is not on the local disk. It is found by {@link java.util.ServiceLoader},
 * so that deep storage on the local disk needs no Hadoop on the class path.
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
