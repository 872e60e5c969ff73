package io.starfire.batch.input;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.starfire.archive.ArchivedHeaders;
import io.starfire.decoding.RawRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveCursorTest {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message record { required binary topic (STRING); required int32 partition; required"
              + " int64 offset; required int64 timestamp; required int64 read_at; optional binary"
              + " key; optional binary value; optional binary headers; optional int64 event_time;"
              + " }");

  @TempDir Path directory;

  @Test
  void aRecordIsReadWholeAndStaysSoWhenItIsSent() throws IOException {
    Path file = directory.resolve("archived.parquet");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toUri()))
            .withType(SCHEMA)
            .build()) {
      Group full = bare(41);
      full.add("key", Binary.fromString("k"));
      full.add("value", Binary.fromString("v"));
      full.add(
          "headers",
          Binary.fromConstantByteArray(
              ArchivedHeaders.encode(
                  List.of(
                      new RawRecord.Header("trace", "7".getBytes(UTF_8)),
                      new RawRecord.Header("none", null)))));
      writer.write(full);
      writer.write(bare(42));
    }
    InputPart part =
        new InputPart(InputPart.Kind.ARCHIVE, 0, file.toString(), 0, 1_000, 0, Long.MAX_VALUE);
    try (ArchiveCursor cursor = new ArchiveCursor(part, new Configuration())) {
      assertFull(cursor.next());
      InputRecord bare = sent(cursor.next());
      assertThat(bare.raw().key()).isNull();
      assertThat(bare.raw().hasValue()).isFalse();
      assertThat(bare.raw().headers()).isEmpty();
      assertThat(bare.raw().offset()).isEqualTo(42);
      assertThat(cursor.next()).isNull();
    }
  }

  private static Group bare(long offset) {
    Group row = new SimpleGroup(SCHEMA);
    row.add("topic", "clicks");
    row.add("partition", 3);
    row.add("offset", offset);
    row.add("timestamp", 5L);
    row.add("read_at", 6L);
    return row;
  }

  private static void assertFull(InputRecord record) throws IOException {
    for (InputRecord each : List.of(record, sent(record))) {
      RawRecord raw = each.raw();
      assertThat(raw.topic()).isEqualTo("clicks");
      assertThat(raw.partition()).isEqualTo(3);
      assertThat(raw.offset()).isEqualTo(41);
      assertThat(raw.timestampMillis()).isEqualTo(5);
      assertThat(raw.key()).isEqualTo("k".getBytes(UTF_8));
      assertThat(raw.value()).isEqualTo("v".getBytes(UTF_8));
      assertThat(raw.headers())
          .extracting(RawRecord.Header::name, RawRecord.Header::value)
          .containsExactly(tuple("trace", "7".getBytes(UTF_8)), tuple("none", null));
      assertThat(each.readAtMillis()).isEqualTo(6);
    }
  }

  private static InputRecord sent(InputRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    record.write(new DataOutputStream(bytes));
    InputRecord read = new InputRecord();
    read.readFields(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    return read;
  }
}
