package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.StarfireException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;

final class ResultCodecTest {
  enum Colour {
    RED,
    BLUE
  }

  record Inner(String text, int number) {}

  record Sale(
      String id,
      long cents,
      BigDecimal price,
      Instant soldAt,
      double ratio,
      float share,
      boolean paid,
      Colour colour,
      Optional<Integer> rank,
      List<String> tags,
      Map<String, Long> counts,
      Inner inner) {}

  record Timed(String __time) {}

  private static final long TIME = Instant.parse("2026-11-20T10:00:00.005Z").toEpochMilli();
  private static final RecordCodec<Sale> SALES = RecordCodec.of(Sale.class);
  private static final ResultCodec RESULTS = ResultCodec.of(EventType.of(Sale.class));

  private static final Sale FULL =
      new Sale(
          "a \"b\"\n\u00e9",
          1_234_567_890_123_456_789L,
          new BigDecimal("12345678901234567890.10"),
          Instant.parse("2026-11-20T09:00:00Z"),
          0.1,
          0.1f,
          true,
          Colour.BLUE,
          Optional.of(7),
          Arrays.asList("x", null),
          Map.of("b", 2L, "a", 1L),
          new Inner("t", -1));

  private static final Sale EMPTY =
      new Sale(
          null,
          0,
          null,
          null,
          Double.NaN,
          Float.NEGATIVE_INFINITY,
          false,
          null,
          Optional.empty(),
          List.of(),
          null,
          null);

  private static String json(Sale sale) {
    return new String(RESULTS.json(TIME, SALES.encode(sale)), StandardCharsets.UTF_8);
  }

  @Test
  void aFieldOfARowHasItsDeclaredNameAlsoIfItIsNoNameInAvro() {
    RowSchema hits = RowSchema.parse("hits", "user-agent string, _x string, 2xx int");
    ResultCodec results = ResultCodec.of(hits);
    byte[] event =
        hits.codec()
            .encode(hits.row().set("user-agent", "curl").set("_x", "y").set("2xx", 3).build());

    assertThat(new String(results.json(TIME, event), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"__time\":\"2026-11-20T10:00:00.005Z\",\"user-agent\":\"curl\",\"_x\":\"y\",\"2xx\":3}");
    Schema schema = new Schema.Parser().parse(results.schemaJson());
    assertThat(schema.getFields())
        .extracting(Schema.Field::name)
        .containsExactly("__time", "user_x002dagent", "_x005fx", "_x0032xx");
    assertThat(schema.getFields())
        .extracting(ResultCodec::nameOf)
        .containsExactly("__time", "user-agent", "_x", "2xx");
  }

  @Test
  void jsonKeepsEveryDigitAndWritesTimesAsText() {
    assertThat(json(FULL))
        .isEqualTo(
            "{\"__time\":\"2026-11-20T10:00:00.005Z\",\"id\":\"a \\\"b\\\"\\n\u00e9\","
                + "\"cents\":1234567890123456789,\"price\":\"12345678901234567890.1\","
                + "\"soldAt\":\"2026-11-20T09:00:00Z\",\"ratio\":0.1,\"share\":0.1,\"paid\":true,"
                + "\"colour\":\"BLUE\",\"rank\":7,\"tags\":[\"x\",null],"
                + "\"counts\":{\"a\":1,\"b\":2},\"inner\":{\"text\":\"t\",\"number\":-1}}");
  }

  @Test
  void jsonHasNullForWhatIsMissingAndTextForWhatIsNoNumber() {
    assertThat(json(EMPTY))
        .contains("\"id\":null", "\"rank\":null", "\"tags\":[]", "\"inner\":null")
        .contains("\"ratio\":\"NaN\"", "\"share\":\"-Infinity\"");
  }

  @Test
  void theAvroLibraryDecodesWhatIsWrittenByItsFingerprint() throws Exception {
    Schema schema = new Schema.Parser().parse(RESULTS.schemaJson());
    BinaryMessageDecoder<GenericRecord> decoder =
        new BinaryMessageDecoder<>(GenericData.get(), schema);
    GenericRecord read = decoder.decode(RESULTS.avro(TIME, SALES.encode(FULL)));
    assertThat(read.get("__time")).isEqualTo(TIME);
    assertThat(read.get("cents")).isEqualTo(1_234_567_890_123_456_789L);
    assertThat(read.get("price")).hasToString("12345678901234567890.1");
    assertThat(read.get("colour")).hasToString("BLUE");
    assertThat(read.get("inner")).hasToString("{\"text\": \"t\", \"number\": -1}");
  }

  @Test
  void aComponentWithTheNameOfTheEventTimeIsRefused() {
    assertThatThrownBy(() -> ResultCodec.of(EventType.of(Timed.class)))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("has a component __time, which is the name of the event time");
  }
}
