package io.starfire.batch.input;

import io.starfire.archive.ArchivedHeaders;
import io.starfire.decoding.RawRecord;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.io.Writable;

/**
 * One record of the input, with its coordinates: what mappers take. Mutable only as Hadoop wants
 * its writables to be; arrays are not copied.
 */
public final class InputRecord implements Writable {
  /** Stands for a partition, an offset or a timestamp that a record does not have. */
  public static final long NONE = -1;

  private InputPart.Kind kind = InputPart.Kind.JSON;
  private int index;
  private String file = "";
  private long position = NONE;
  private String topic = "";
  private int partition = (int) NONE;
  private long offset = NONE;
  private long timeMillis = NONE;
  private long readAtMillis = NONE;
  private byte[] key;
  private byte[] value;
  private byte[] header;
  private byte[] headers;
  private Map<String, Object> fields;

  /** For Hadoop, which then reads fields into it. */
  public InputRecord() {}

  private InputRecord(InputPart.Kind kind, int index, String file) {
    this.kind = kind;
    this.index = index;
    this.file = file;
  }

  /** An event on a shuffle, or a row; {@code key} may be null. */
  public static InputRecord delivered(
      InputPart.Kind kind, int index, byte[] key, long timeMillis, byte[] value) {
    InputRecord record = new InputRecord(kind, index, "");
    record.key = key;
    record.timeMillis = timeMillis;
    record.value = value;
    return record;
  }

  /**
   * A record of the archive.
   *
   * @param raw as it came
   * @param readAtMillis when the archiver read it
   */
  public static InputRecord archived(int source, String file, RawRecord raw, long readAtMillis) {
    InputRecord record = new InputRecord(InputPart.Kind.ARCHIVE, source, file);
    record.topic = raw.topic();
    record.partition = raw.partition();
    record.offset = raw.offset();
    record.timeMillis = raw.timestampMillis();
    record.readAtMillis = readAtMillis;
    record.key = raw.key();
    record.value = raw.value();
    record.headers = ArchivedHeaders.encode(raw.headers());
    return record;
  }

  /**
   * A line of a text file.
   *
   * @param position of its first byte in the (uncompressed) file
   * @param header the file's first line for CSV and TSV, else null
   */
  public static InputRecord line(
      InputPart.Kind kind, int source, String file, long position, byte[] header, byte[] value) {
    InputRecord record = new InputRecord(kind, source, file);
    record.position = position;
    record.header = header;
    record.value = value;
    return record;
  }

  /**
   * A row of a Parquet file.
   *
   * @param position number of the row, from 0
   */
  public static InputRecord row(
      int source, String file, long position, Map<String, Object> fields) {
    InputRecord record = new InputRecord(InputPart.Kind.PARQUET, source, file);
    record.position = position;
    record.fields = fields;
    return record;
  }

  public InputPart.Kind kind() {
    return kind;
  }

  /** Of the source, the shuffle or the sink in the plan. */
  public int index() {
    return index;
  }

  public String file() {
    return file;
  }

  public long position() {
    return position;
  }

  public int partition() {
    return partition;
  }

  public long offset() {
    return offset;
  }

  /** Event time of an event or row; record timestamp of an archived record, {@link #NONE} else. */
  public long timeMillis() {
    return timeMillis;
  }

  /** When the archiver read an archived record, {@link #NONE} else. */
  public long readAtMillis() {
    return readAtMillis;
  }

  /** Null if there is none. */
  public byte[] key() {
    return key;
  }

  /** Null if there is none. */
  public byte[] value() {
    return value;
  }

  /** The line that names the columns of its file; null if there is none. */
  public byte[] header() {
    return header;
  }

  /** What a decoder gets: a whole record of the archive, or a line of a file. */
  public RawRecord raw() {
    return kind == InputPart.Kind.ARCHIVE
        ? RawRecord.ofTopic(
            topic, partition, offset, timeMillis, key, value, ArchivedHeaders.decode(headers))
        : RawRecord.ofValue(value);
  }

  /** Of a row of Parquet; else null. */
  public Map<String, Object> fields() {
    return fields;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    if (fields != null) {
      throw new IOException("rows of Parquet are mapped where they are read, and never sent");
    }
    out.writeUTF(kind.name());
    out.writeInt(index);
    out.writeUTF(file);
    out.writeLong(position);
    out.writeUTF(topic);
    out.writeInt(partition);
    out.writeLong(offset);
    out.writeLong(timeMillis);
    out.writeLong(readAtMillis);
    writeBytes(out, key);
    writeBytes(out, value);
    writeBytes(out, header);
    writeBytes(out, headers);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    kind = InputPart.Kind.valueOf(in.readUTF());
    index = in.readInt();
    file = in.readUTF();
    position = in.readLong();
    topic = in.readUTF();
    partition = in.readInt();
    offset = in.readLong();
    timeMillis = in.readLong();
    readAtMillis = in.readLong();
    key = readBytes(in);
    value = readBytes(in);
    header = readBytes(in);
    headers = readBytes(in);
    fields = null;
  }

  private static void writeBytes(DataOutput out, byte[] bytes) throws IOException {
    out.writeInt(bytes == null ? (int) NONE : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static byte[] readBytes(DataInput in) throws IOException {
    int length = in.readInt();
    if (length == NONE) {
      return null;
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes;
  }
}
