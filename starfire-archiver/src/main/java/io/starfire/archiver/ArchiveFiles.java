package io.starfire.archiver;

import io.starfire.archive.ArchiveManifest;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.apache.parquet.io.OutputFile;

/**
 * The archive's file system: what is written appears whole or not at all, and never over something
 * else. Paths are relative to the archive's root.
 */
interface ArchiveFiles extends ArchiveManifest.Files {
  /** A file that is being written, under a name that nobody reads. */
  OutputFile temporary(String path) throws IOException;

  /** Writes a small file that is not to be read yet. */
  void write(String temporary, byte[] content) throws IOException;

  /**
   * Gives a written file its name, durably and without overwriting.
   *
   * @return false if there is a file of that name; the temporary one is then gone
   */
  boolean publish(String temporary, String path) throws IOException;

  /** Number of rows of a Parquet file. */
  long rows(String path) throws IOException;

  /** Deletes a directory if it is empty; does nothing if it is not, or if there is none. */
  void deleteIfEmpty(String directory) throws IOException;

  /** Deletes a file; does nothing if there is none. */
  void delete(String path) throws IOException;

  /**
   * The file system of a root.
   *
   * @param properties of Hadoop's client, by its own names
   * @throws StarfireException with UNSUPPORTED if its kind of file system has no rename that
   *     refuses to overwrite
   */
  static ArchiveFiles of(String root, Map<String, String> properties) {
    String scheme =
        root.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") ? URI.create(root).getScheme() : "file";
    return switch (scheme.toLowerCase(Locale.ROOT)) {
      case "file" -> LocalArchiveFiles.of(root);
      case "hdfs", "webhdfs", "swebhdfs", "viewfs" -> HadoopArchiveFiles.of(root, properties);
      default ->
          throw new StarfireException(
              ErrorCode.UNSUPPORTED,
              "the archiver cannot write to %s: a rename there may overwrite, so that two archivers could destroy each other's files; use a local directory or HDFS as starfire.archive.root"
                  .formatted(root));
    };
  }
}
