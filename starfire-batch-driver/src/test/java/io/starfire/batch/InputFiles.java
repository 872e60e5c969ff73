package io.starfire.batch;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.Completeness;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.OffsetRange;
import io.starfire.archive.TopicRange;
import io.starfire.archive.TopicStart;
import io.starfire.batch.AdPipeline.Click;
import io.starfire.batch.AdPipeline.View;
import io.starfire.common.Granularity;
import io.starfire.common.Json;
import io.starfire.common.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Writes events in all the forms that a run reads. */
final class InputFiles {
  private InputFiles() {}

  static String json(View view) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", view.id());
    fields.put("at", view.at().toString());
    fields.put("advertiser", view.advertiser());
    fields.put("price", view.price());
    return Json.write(fields);
  }

  static String json(Click click) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("viewId", click.viewId());
    fields.put("at", click.at().toString());
    return Json.write(fields);
  }

  static void lines(Path file, List<String> lines) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream plain = Files.newOutputStream(file);
        OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
      out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  static void clicksAsCsv(Path file, List<Click> clicks) throws IOException {
    List<String> lines = new java.util.ArrayList<>(List.of("at,other,viewId"));
    for (Click click : clicks) {
      lines.add(click.at() + ",\"x, y\"," + (click.viewId() == null ? "" : click.viewId()));
    }
    lines(file, lines);
  }

  static void viewsAsParquet(Path file, List<View> views) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message view { optional binary id (STRING); required int64 at"
                + " (TIMESTAMP(MICROS,true)); required binary advertiser (STRING); required double"
                + " price; optional int32 unused; }");
    try (ParquetWriter<Group> writer = writer(file, schema)) {
      for (View view : views) {
        Group group = new SimpleGroup(schema);
        if (view.id() != null) {
          group.add("id", view.id());
        }
        group.add("at", view.at().toEpochMilli() * 1000);
        group.add("advertiser", view.advertiser());
        group.add("price", view.price());
        writer.write(group);
      }
    }
  }

  /** One record of the archive; {@code eventMillis} is negative where it has none. */
  record Archived(String value, long timestamp, long readAt, long eventMillis) {
    Archived(String value, long timestamp, long eventMillis) {
      this(value, timestamp, timestamp, eventMillis);
    }
  }

  static final String TOPIC_ID = "AAAAAAAAAAAAAAAAAAAAAA";

  /** Says where a topic begins in an archive; partitions that are not named begin at 0. */
  static void begin(Path root, String topic, String topicId, Map<Integer, Long> starts)
      throws IOException {
    Path file = root.resolve(ArchiveLayout.topicStart(topic, topicId));
    Files.createDirectories(file.getParent());
    Files.writeString(file, new TopicStart(topic, topicId, 1, starts).toJson());
  }

  /** Writes one file of an archive and lists it. */
  static void archive(
      Path root, String topic, int partition, long startOffset, List<Archived> records)
      throws IOException {
    if (!Files.exists(root.resolve(ArchiveLayout.topicStart(topic, TOPIC_ID)))) {
      begin(root, topic, TOPIC_ID, Map.of(partition, startOffset));
    }
    archive(root, topic, TOPIC_ID, partition, startOffset, records);
  }

  /** The same, of one of several topics of a name. */
  static void archive(
      Path root,
      String topic,
      String topicId,
      int partition,
      long startOffset,
      List<Archived> records)
      throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message record { required binary topic (STRING); required int32 partition; required"
                + " int64 offset; required int64 timestamp; required int64 read_at; optional binary"
                + " key; optional binary value; optional binary headers; optional int64 event_time;"
                + " }");
    long end = startOffset + records.size();
    String name =
        ArchiveLayout.dataFile(
            topic,
            topicId,
            records.get(0).timestamp(),
            partition,
            new OffsetRange(startOffset, end));
    Map<String, Long> hours = new TreeMap<>();
    long untimed = 0;
    Files.createDirectories(root.resolve(name).getParent());
    try (ParquetWriter<Group> writer = writer(root.resolve(name), schema)) {
      for (int i = 0; i < records.size(); i++) {
        Archived record = records.get(i);
        Group group = new SimpleGroup(schema);
        group.add("topic", topic);
        group.add("partition", partition);
        group.add("offset", startOffset + i);
        group.add("timestamp", record.timestamp());
        group.add("read_at", record.readAt());
        if (record.value() != null) {
          group.add(
              "value",
              Binary.fromConstantByteArray(record.value().getBytes(StandardCharsets.UTF_8)));
        }
        if (record.eventMillis() >= 0) {
          group.add("event_time", record.eventMillis());
          hours.merge(
              Times.format(Granularity.HOUR.bucketStart(record.eventMillis())), 1L, Long::sum);
        } else {
          untimed++;
        }
        writer.write(group);
      }
    }
    ManifestEntry entry =
        new ManifestEntry(
            topic,
            topicId,
            partition,
            startOffset,
            end,
            name,
            records.size(),
            hours,
            untimed,
            records.stream().mapToLong(Archived::timestamp).min().orElseThrow(),
            records.stream().mapToLong(Archived::timestamp).max().orElseThrow(),
            records.stream().mapToLong(Archived::readAt).min().orElseThrow(),
            records.stream().mapToLong(Archived::readAt).max().orElseThrow());
    Path listed = root.resolve(ArchiveLayout.manifestEntry(topic, topicId, partition, startOffset));
    Files.createDirectories(listed.getParent());
    Files.writeString(listed, entry.toJson());
  }

  static void complete(Path root, long upToMillis, Map<String, Map<Integer, OffsetRange>> ranges)
      throws IOException {
    Map<String, List<TopicRange>> topics = new TreeMap<>();
    ranges.forEach(
        (topic, partitions) -> topics.put(topic, List.of(new TopicRange(TOPIC_ID, partitions))));
    complete(root, new Completeness(upToMillis, topics));
  }

  static void complete(Path root, Completeness completeness) throws IOException {
    Path mark = root.resolve(ArchiveLayout.completeness(completeness.arrivedUpToMillis()));
    Files.createDirectories(mark.getParent());
    Files.writeString(mark, completeness.toJson());
  }

  static OffsetRange range(long start, long end) {
    return new OffsetRange(start, end);
  }

  private static ParquetWriter<Group> writer(Path file, MessageType schema) throws IOException {
    Files.createDirectories(file.getParent());
    return ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
        .withConf(new Configuration())
        .withType(schema)
        // Small ones, so that a file has several.
        .withRowGroupSize(1_000L)
        .build();
  }
}
