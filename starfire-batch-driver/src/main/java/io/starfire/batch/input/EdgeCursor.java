package io.starfire.batch.input;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads the events or rows of a part of an {@link EdgeFiles} file: of blocks that begin in it. */
final class EdgeCursor implements PartCursor {
  private final InputPart part;
  private final DataFileReader<GenericRecord> reader;
  private GenericRecord record;

  EdgeCursor(InputPart part, Configuration configuration) throws IOException {
    this.part = part;
    EdgeFiles.makeCodecKnown();
    Path path = new Path(part.file());
    FileSystem fileSystem = path.getFileSystem(configuration);
    this.reader =
        new DataFileReader<>(
            new HadoopInput(fileSystem.open(path), fileSystem.getFileStatus(path).getLen()),
            new GenericDatumReader<>(EdgeFiles.schema()));
    reader.sync(part.start());
  }

  @Override
  public InputRecord next() throws IOException {
    if (!reader.hasNext() || reader.pastSync(part.start() + part.length())) {
      return null;
    }
    record = reader.next(record);
    Object key = record.get(EdgeFiles.KEY);
    return InputRecord.delivered(
        part.kind(),
        part.index(),
        key == null ? null : bytes(key),
        (Long) record.get(EdgeFiles.TIME),
        bytes(record.get(EdgeFiles.VALUE)));
  }

  private static byte[] bytes(Object value) {
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** What Avro reads from. */
  private record HadoopInput(FSDataInputStream stream, long length) implements SeekableInput {
    @Override
    public void seek(long position) throws IOException {
      stream.seek(position);
    }

    @Override
    public long tell() throws IOException {
      return stream.getPos();
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
      return stream.read(bytes, offset, count);
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
