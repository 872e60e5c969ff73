package io.starfire.batch.input;

import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.RawArchive;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** The archive on a file system that Hadoop reaches. Used by one thread. */
public final class HadoopRawArchive implements RawArchive {
  private final String root;
  private final Storage storage;
  private final Configuration configuration;

  private HadoopRawArchive(String root, Configuration configuration) {
    this.root = root;
    this.storage = Storage.of(root, configuration);
    this.configuration = configuration;
  }

  /**
   * The archive that a configuration names.
   *
   * @throws StarfireException with UNAVAILABLE if its file system cannot be reached
   */
  public static HadoopRawArchive of(StarfireConfig config, Configuration configuration) {
    return new HadoopRawArchive(
        Storage.root("starfire.archive.root", config, configuration), configuration);
  }

  @Override
  public String root() {
    return root;
  }

  @Override
  public ArchiveManifest manifest() {
    return new ArchiveManifest(new ArchiveIndex.Files(root, storage));
  }

  @Override
  public void read(ManifestEntry entry, Interval eventTimes, Reader reader) throws IOException {
    String file = root + "/" + entry.file();
    long length =
        storage
            .file(file)
            .orElseThrow(
                () ->
                    new StarfireException(
                        ErrorCode.CORRUPT,
                        "the archive lists %s, which does not exist; restore the file"
                            .formatted(file)))
            .getLen();
    InputPart part =
        new InputPart(
            InputPart.Kind.ARCHIVE,
            0,
            file,
            0,
            length,
            eventTimes.startMillis(),
            eventTimes.endMillis());
    try (ArchiveCursor cursor = new ArchiveCursor(part, configuration)) {
      for (InputRecord record = cursor.next(); record != null; record = cursor.next()) {
        reader.record(record.raw(), record.readAtMillis());
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof StarfireException known) {
        throw known;
      }
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "file %s of the archive cannot be read: %s; replace it"
              .formatted(file, HadoopFaults.firstLine(e)),
          e);
    }
  }
}
