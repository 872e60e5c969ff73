package io.starfire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.event.Samples.Everything;
import io.starfire.event.Samples.Point;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

/** Avro's own reader and writer are the oracle for ours. */
final class RecordCodecAgainstAvroTest {
  private final RecordCodec<Everything> codec = RecordCodec.of(Everything.class);
  private final Schema schema = new Schema.Parser().parse(codec.schemaJson());

  @Test
  void theFingerprintIsAvros() {
    assertThat(codec.fingerprint()).isEqualTo(SchemaNormalization.parsingFingerprint64(schema));
  }

  @Test
  void avroReadsWhatWeWrite() throws IOException {
    Random random = Seeds.random("avroReadsWhatWeWrite");
    for (int i = 0; i < 2_000; i++) {
      Everything value = Samples.everything(random);
      GenericRecord generic = readByAvro(codec.encode(value));
      for (Schema.Field field : schema.getFields()) {
        assertThat(plain(generic.get(field.pos())))
            .as(field.name())
            .isEqualTo(plain(component(value, field.pos())));
      }
    }
  }

  @Test
  void weReadWhatAvroWrites() throws IOException {
    Random random = Seeds.random("weReadWhatAvroWrites");
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = codec.encode(Samples.everything(random));
      GenericRecord generic = readByAvro(bytes);
      // The blocking encoder writes counts below zero with sizes, in several blocks.
      Everything plainlyWritten = codec.decode(writeByAvro(generic, false));
      Everything blockWritten = codec.decode(writeByAvro(generic, true));
      assertThat(codec.encode(plainlyWritten)).isEqualTo(bytes);
      assertThat(codec.encode(blockWritten)).isEqualTo(bytes);
    }
  }

  private GenericRecord readByAvro(byte[] bytes) throws IOException {
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    GenericRecord record = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
    assertThat(decoder.isEnd()).isTrue();
    return record;
  }

  private byte[] writeByAvro(GenericRecord record, boolean blocking) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    EncoderFactory factory = new EncoderFactory().configureBlockSize(64);
    BinaryEncoder encoder =
        blocking ? factory.blockingBinaryEncoder(out, null) : factory.binaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private static Object component(Everything value, int index) {
    try {
      var accessor = Everything.class.getRecordComponents()[index].getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(value);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(e.getMessage(), e);
    }
  }

  /** One form for what Avro's generic reader hands out and for what our records hold. */
  private static Object plain(Object value) {
    if (value instanceof Utf8
        || value instanceof Enum<?>
        || value instanceof GenericData.EnumSymbol) {
      return value instanceof Enum<?> constant ? constant.name() : value.toString();
    } else if (value instanceof BigDecimal decimal) {
      return decimal.stripTrailingZeros().toString();
    } else if (value instanceof Instant instant) {
      return instant.toEpochMilli();
    } else if (value instanceof Double number) {
      return number + 0.0;
    } else if (value instanceof Float number) {
      return number + 0.0f;
    } else if (value instanceof Optional<?> optional) {
      return plain(optional.orElse(null));
    } else if (value instanceof List<?> list) {
      return list.stream()
          .map(RecordCodecAgainstAvroTest::plain)
          .map(Optional::ofNullable)
          .toList();
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> plain = new java.util.HashMap<>();
      map.forEach((key, item) -> plain.put(key.toString(), plain(item)));
      return plain;
    } else if (value instanceof Point point) {
      return "x=%s y=%s".formatted(point.x(), point.y());
    } else if (value instanceof GenericRecord point) {
      return "x=%s y=%s".formatted(point.get("x"), point.get("y"));
    }
    return value;
  }

  @Test
  void ourUtf8IsAvros() throws IOException {
    Everything value = Samples.empty();
    assertThat(readByAvro(codec.encode(value)).get("text")).isNull();
    assertThat("\uD83D\uDE00".getBytes(UTF_8)).isEqualTo(new Utf8("\uD83D\uDE00").getBytes());
  }
}
