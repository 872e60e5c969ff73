package io.starfire.batch.job;

import io.starfire.api.Files;
import io.starfire.event.ResultCodec;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file of results for other programs that a task writes. One thread. */
interface ResultFile extends Closeable {
  /**
   * Adds a result.
   *
   * @param timeMillis its event time
   * @param event its canonical bytes
   */
  void add(long timeMillis, byte[] event) throws IOException;

  /** The ending of the files' names, with its dot. */
  static String extension(Files.Format format) {
    return switch (format) {
      case JSON -> ".jsonl";
      case PARQUET -> ".parquet";
    };
  }

  static ResultFile create(Files<?> files, Path path, Configuration configuration)
      throws IOException {
    ResultCodec codec = ResultCodec.of(files.type());
    return switch (files.format()) {
      case JSON -> new JsonLines(codec, path, configuration);
      case PARQUET -> new ParquetResults(codec, path, configuration);
    };
  }

  /** A JSON object a line. */
  final class JsonLines implements ResultFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private final ResultCodec codec;
    private final OutputStream out;

    private JsonLines(ResultCodec codec, Path path, Configuration configuration)
        throws IOException {
      this.codec = codec;
      this.out =
          new BufferedOutputStream(
              path.getFileSystem(configuration).create(path, true), BUFFER_BYTES);
    }

    @Override
    public void add(long timeMillis, byte[] event) throws IOException {
      out.write(codec.json(timeMillis, event));
      out.write('\n');
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
