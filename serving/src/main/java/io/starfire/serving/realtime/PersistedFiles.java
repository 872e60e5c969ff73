package io.starfire.serving.realtime;

import io.starfire.segment.format.SegmentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that the buckets of one piece were written to, open. Used by one thread. */
final class PersistedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(PersistedFiles.class);

  private final Map<PieceBucket, SegmentReader> readers = new LinkedHashMap<>();

  void put(PieceBucket bucket, SegmentReader reader) {
    readers.put(bucket, reader);
  }

  void forEach(BiConsumer<PieceBucket, SegmentReader> action) {
    readers.forEach(action);
  }

  /** Gives up what nobody took over. */
  void discard() {
    readers.values().forEach(PersistedFiles::delete);
  }

  /** Queries that hold the file keep its bytes until they close it. */
  static void delete(SegmentReader reader) {
    reader.close();
    try {
      Files.deleteIfExists(reader.path());
    } catch (IOException e) {
      LOG.warn("The dropped piece {} could not be deleted: {}", reader.path(), e.toString());
    }
  }

  static void delete(Piece piece) {
    for (PieceBucket bucket : piece.buckets()) {
      if (bucket.reader() != null) {
        delete(bucket.reader());
      }
    }
  }
}
