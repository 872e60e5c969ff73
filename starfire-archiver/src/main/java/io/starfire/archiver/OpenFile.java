package io.starfire.archiver;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchivedHeaders;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicStart;
import io.starfire.common.Granularity;
import io.starfire.common.Times;
import io.starfire.decoding.RawRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** A Parquet file of one partition that is being written. Used by one thread. */
final class OpenFile {
  private static final String TEMPORARY = ".tmp";
  private static final long ROW_GROUP_BYTES = 16L << 20;

  static final MessageType SCHEMA =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(ArchiveLayout.TOPIC)
          .required(PrimitiveTypeName.INT32)
          .named(ArchiveLayout.PARTITION)
          .required(PrimitiveTypeName.INT64)
          .named(ArchiveLayout.OFFSET)
          .required(PrimitiveTypeName.INT64)
          .named(ArchiveLayout.TIMESTAMP)
          .required(PrimitiveTypeName.INT64)
          .named(ArchiveLayout.READ_AT)
          .optional(PrimitiveTypeName.BINARY)
          .named(ArchiveLayout.KEY)
          .optional(PrimitiveTypeName.BINARY)
          .named(ArchiveLayout.VALUE)
          .optional(PrimitiveTypeName.BINARY)
          .named(ArchiveLayout.HEADERS)
          .optional(PrimitiveTypeName.INT64)
          .named(ArchiveLayout.EVENT_TIME)
          .named("raw_event");

  private final ArchiveFiles files;
  private final TopicStart topic;
  private final int partition;
  private final long startOffset;
  private final long openedAtMillis;
  private final String temporary;
  private final SimpleGroupFactory groups = new SimpleGroupFactory(SCHEMA);
  private final ParquetWriter<Group> writer;
  private final Map<String, Long> rowsPerEventHour = new TreeMap<>();
  private long rows;
  private long rowsWithoutEventTime;
  private long firstReadAtMillis = Long.MAX_VALUE;
  private long minTimestamp = Long.MAX_VALUE;
  private long maxTimestamp = Long.MIN_VALUE;

  OpenFile(ArchiveFiles files, TopicStart topic, int partition, long startOffset, long nowMillis)
      throws IOException {
    this.files = files;
    this.topic = topic;
    this.partition = partition;
    this.startOffset = startOffset;
    this.openedAtMillis = nowMillis;
    this.temporary =
        String.format(
            Locale.ROOT,
            "%s/%d-%020d-%s%s",
            ArchiveLayout.dataDirectory(topic.topic(), topic.topicId()),
            partition,
            startOffset,
            UUID.randomUUID(),
            TEMPORARY);
    this.writer =
        ExampleParquetWriter.builder(files.temporary(temporary))
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.ZSTD)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .withPageWriteChecksumEnabled(true)
            .build();
  }

  /** Whether a name is that of an unfinished file of a partition, from below an offset. */
  static boolean isTemporary(String name, int partition, long beforeOffset) {
    String[] parts = name.split("-", 3);
    return name.endsWith(TEMPORARY)
        && parts.length == 3
        && parts[0].equals(Integer.toString(partition))
        && parts[1].matches("[0-9]{20}")
        && Long.parseLong(parts[1]) < beforeOffset;
  }

  long openedAtMillis() {
    return openedAtMillis;
  }

  /** About what the file will have. */
  long bytes() {
    return writer.getDataSize();
  }

  void add(ConsumerRecord<byte[], byte[]> record, OptionalLong eventTime, long readAtMillis)
      throws IOException {
    Group row = groups.newGroup();
    row.append(ArchiveLayout.TOPIC, record.topic());
    row.append(ArchiveLayout.PARTITION, record.partition());
    row.append(ArchiveLayout.OFFSET, record.offset());
    row.append(ArchiveLayout.TIMESTAMP, record.timestamp());
    row.append(ArchiveLayout.READ_AT, readAtMillis);
    append(row, ArchiveLayout.KEY, record.key());
    append(row, ArchiveLayout.VALUE, record.value());
    List<RawRecord.Header> headers = new ArrayList<>();
    record
        .headers()
        .forEach(header -> headers.add(new RawRecord.Header(header.key(), header.value())));
    append(row, ArchiveLayout.HEADERS, ArchivedHeaders.encode(headers));
    if (eventTime.isPresent()) {
      row.append(ArchiveLayout.EVENT_TIME, eventTime.getAsLong());
      String hour = Times.format(Granularity.HOUR.bucketStart(eventTime.getAsLong()));
      rowsPerEventHour.merge(hour, 1L, Long::sum);
    } else {
      rowsWithoutEventTime++;
    }
    writer.write(row);
    rows++;
    firstReadAtMillis = Math.min(firstReadAtMillis, readAtMillis);
    minTimestamp = Math.min(minTimestamp, record.timestamp());
    maxTimestamp = Math.max(maxTimestamp, record.timestamp());
  }

  private static void append(Group row, String column, byte[] bytes) {
    if (bytes != null) {
      row.append(column, Binary.fromConstantByteArray(bytes));
    }
  }

  /**
   * Finishes the file and gives it its name. A file of that name is one that a crash has left
   * before it was listed, or that another archiver has just written: the offsets are the same, and
   * so are the rows.
   *
   * @param endOffset exclusive
   */
  ManifestEntry finish(long endOffset, long nowMillis) throws IOException {
    writer.close();
    String path =
        ArchiveLayout.dataFile(
            topic.topic(),
            topic.topicId(),
            openedAtMillis,
            partition,
            new OffsetRange(startOffset, endOffset));
    boolean published = files.publish(temporary, path);
    if (!published && files.rows(path) != rows) {
      throw new IOException(
          "%s holds %d rows, and Kafka has %d for its offsets; remove the file if no manifest entry names it"
              .formatted(path, files.rows(path), rows));
    }
    return new ManifestEntry(
        topic.topic(),
        topic.topicId(),
        partition,
        startOffset,
        endOffset,
        path,
        rows,
        rowsPerEventHour,
        rowsWithoutEventTime,
        rows == 0 ? 0 : minTimestamp,
        rows == 0 ? 0 : maxTimestamp,
        rows == 0 ? nowMillis : firstReadAtMillis,
        nowMillis);
  }

  /** Gives the file up. */
  void discard() throws IOException {
    try {
      writer.close();
    } finally {
      files.delete(temporary);
    }
  }
}
