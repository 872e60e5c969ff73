package io.starfire.archive;

import io.starfire.common.Interval;
import io.starfire.decoding.RawRecord;
import java.io.IOException;

/**
 * An archive with its files, for whoever reads it without knowing the file system or Parquet. Used
 * by one thread.
 */
public interface RawArchive {
  /** Its root, for messages. */
  String root();

  ArchiveManifest manifest();

  /**
   * Reads the records of a listed file, in the order of their offsets. Records with other event
   * times may be among them.
   *
   * @param eventTimes of the records that are wanted
   * @throws io.starfire.common.StarfireException with CORRUPT if the file is missing or damaged
   */
  void read(ManifestEntry entry, Interval eventTimes, Reader reader) throws IOException;

  /** Receives records. */
  interface Reader {
    /**
     * Takes one record.
     *
     * @param readAtMillis when the archiver read it
     */
    void record(RawRecord raw, long readAtMillis);
  }
}
