package io.starfire.batch.storage;

import io.starfire.hadoop.HadoopClient;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.segment.storage.DeepStorageProvider;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Knows every scheme that the Hadoop on the class path knows. */
public final class HadoopDeepStorageProvider implements DeepStorageProvider {
  @Override
  public boolean knows(String scheme) {
    try {
      FileSystem.getFileSystemClass(scheme, new Configuration());
      return true;
    } catch (IOException e) {
      // Hadoop says by an exception that it has no file system of that scheme.
      return false;
    }
  }

  @Override
  public DeepStorage open(String root, Map<String, String> properties) {
    return HadoopDeepStorage.open(root, HadoopClient.configuration(properties));
  }
}
