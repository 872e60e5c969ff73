package io.starfire.segment.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that have left an index for a file, as ids: the texts stay in the dictionaries of the index,
 * so that nothing has to be merged but rows. They are in order of arrival, column by column; a
 * column is an array of ints (ids) or longs. Such a file is read only by the process that wrote it.
 *
 * <p>Made under the index's lock; {@link #write} may then run on any thread, once.
 */
public final class SpilledRows {
  private static final int BUFFER_BYTES = 1 << 16;

  private final Path file;
  private final int rows;
  private final long events;
  private final int dimensionCount;
  private final List<Stored> columns = new ArrayList<>();

  /** Null once the rows are in the file. */
  private LiveSnapshot snapshot;

  /** Where a column lies; the nulls, one byte for each row, are behind its values. */
  private record Stored(long offset, boolean ints, boolean hasNulls) {}

  SpilledRows(LiveSnapshot snapshot, Path file) {
    this.snapshot = snapshot;
    this.file = file;
    this.rows = snapshot.rowCount();
    this.events = snapshot.eventCount();
    this.dimensionCount = snapshot.dimensions().size();
  }

  /** The number of rows. */
  public int rowCount() {
    return rows;
  }

  long events() {
    return events;
  }

  int dimensionCount() {
    return dimensionCount;
  }

  /** Writes the file. Must have ended before the rows are read again. */
  public void write() {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Output output = new Output(channel);
      output.writeLongs(snapshot.liveTime().values());
      for (RowColumn dimension : snapshot.dimensions()) {
        output.write(dimension);
      }
      for (RowColumn metric : snapshot.metrics()) {
        output.write(metric);
      }
      output.flush();
    } catch (IOException e) {
      throw failed("written", e);
    }
    snapshot.close();
    snapshot = null;
  }

  /** Deletes the file. */
  public void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw failed("deleted", e);
    }
  }

  private StarfireException failed(String what, IOException e) {
    return new StarfireException(
        ErrorCode.UNAVAILABLE,
        "spilled rows in %s cannot be %s: %s".formatted(file, what, IoFailure.reason(e)),
        e);
  }

  private final class Output {
    private final FileChannel channel;
    private final ByteBuffer buffer =
        ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long[] values = new long[BUFFER_BYTES / Long.BYTES];
    private long position;

    Output(FileChannel channel) {
      this.channel = channel;
    }

    void write(RowColumn column) throws IOException {
      if (column instanceof LiveStringColumn strings) {
        columns.add(new Stored(position, true, false));
        for (int row = 0; row < rows; row++) {
          room(Integer.BYTES);
          buffer.putInt(strings.code(row));
        }
      } else if (column instanceof LiveLongColumn longs) {
        writeLongs(longs.values());
      } else if (column instanceof LiveBytesColumn bytes) {
        writeBytes(bytes);
      } else {
        writeLongs(((LiveDoubleColumn) column).values());
      }
    }

    /** The length of each row's bytes, or -1 for null, then all bytes. */
    private void writeBytes(LiveBytesColumn column) throws IOException {
      columns.add(new Stored(position, true, true));
      for (int row = 0; row < rows; row++) {
        byte[] value = column.value(row);
        room(Integer.BYTES);
        buffer.putInt(value == null ? -1 : value.length);
      }
      for (int row = 0; row < rows; row++) {
        byte[] value = column.value(row);
        for (int done = 0; value != null && done < value.length; ) {
          int count = Math.min(BUFFER_BYTES, value.length - done);
          room(count);
          buffer.put(value, done, count);
          done += count;
        }
      }
    }

    void writeLongs(BitsView view) throws IOException {
      columns.add(new Stored(position, false, view.hasNulls()));
      for (int from = 0; from < rows; from += values.length) {
        int count = Math.min(values.length, rows - from);
        view.read(from, count, values);
        for (int i = 0; i < count; i++) {
          room(Long.BYTES);
          buffer.putLong(values[i]);
        }
      }
      for (int row = 0; view.hasNulls() && row < rows; row++) {
        room(1);
        buffer.put((byte) (view.isNull(row) ? 1 : 0));
      }
    }

    private void room(int bytes) throws IOException {
      if (buffer.remaining() < bytes) {
        flush();
      }
      position += bytes;
    }

    void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      buffer.clear();
    }
  }

  /** Reads the file again. */
  final class Input implements AutoCloseable {
    private final FileChannel channel;

    Input() {
      try {
        channel = FileChannel.open(file, StandardOpenOption.READ);
      } catch (IOException e) {
        throw failed("read", e);
      }
    }

    /** Reads the ids of a column: 0 is the time, then dimensions and metrics follow. */
    void readInts(int column, int[] out, int outAt) {
      ByteBuffer buffer = buffer();
      long offset = columns.get(column).offset;
      for (int done = 0; done < rows; ) {
        int count = Math.min(BUFFER_BYTES / Integer.BYTES, rows - done);
        fill(buffer, offset + (long) done * Integer.BYTES, count * Integer.BYTES);
        buffer.asIntBuffer().get(out, outAt + done, count);
        done += count;
      }
    }

    /** Reads the longs of a column, or the bits of doubles. */
    void readLongs(int column, long[] out, int outAt) {
      ByteBuffer buffer = buffer();
      long offset = columns.get(column).offset;
      for (int done = 0; done < rows; ) {
        int count = Math.min(BUFFER_BYTES / Long.BYTES, rows - done);
        fill(buffer, offset + (long) done * Long.BYTES, count * Long.BYTES);
        buffer.asLongBuffer().get(out, outAt + done, count);
        done += count;
      }
    }

    /** Reads the bytes of a column's rows; nulls are null. */
    void readBytes(int column, byte[][] out, int outAt) {
      int[] lengths = new int[rows];
      readInts(column, lengths, 0);
      long position = columns.get(column).offset + (long) rows * Integer.BYTES;
      for (int row = 0; row < rows; row++) {
        if (lengths[row] >= 0) {
          ByteBuffer value = ByteBuffer.allocate(lengths[row]);
          fill(value, position, lengths[row]);
          out[outAt + row] = value.array();
          position += lengths[row];
        }
      }
    }

    boolean hasNulls(int column) {
      return columns.get(column).hasNulls;
    }

    void readNulls(int column, boolean[] out, int outAt) {
      ByteBuffer buffer = buffer();
      long offset = columns.get(column).offset + (long) rows * Long.BYTES;
      for (int done = 0; done < rows; ) {
        int count = Math.min(BUFFER_BYTES, rows - done);
        fill(buffer, offset + done, count);
        for (int i = 0; i < count; i++) {
          out[outAt + done + i] = buffer.get() != 0;
        }
        done += count;
      }
    }

    private ByteBuffer buffer() {
      return ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void fill(ByteBuffer buffer, long position, int bytes) {
      buffer.clear().limit(bytes);
      try {
        while (buffer.hasRemaining()) {
          if (channel.read(buffer, position + buffer.position()) < 0) {
            throw new StarfireException(
                ErrorCode.CORRUPT,
                "spilled rows in %s end too early; nothing else may write to that directory"
                    .formatted(file));
          }
        }
      } catch (IOException e) {
        throw failed("read", e);
      }
      buffer.flip();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw failed("closed", e);
      }
    }
  }
}
