package io.starfire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.decoding.RawRecord;
import io.starfire.event.Samples.Color;
import io.starfire.event.Samples.Everything;
import io.starfire.event.Samples.Point;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventDecoderTest {
  record Click(String id, Instant clickedAt, int count) {}

  record Numbers(Integer i, Long l, Float f, Double d, BigDecimal n, Boolean b, String s) {}

  record At(Instant at) {}

  record Nested(
      Color color,
      Optional<String> maybe,
      Point point,
      List<Integer> list,
      Map<String, Boolean> map) {}

  private static final Instant TEN = Instant.parse("2026-11-20T10:00:00.123Z");

  @Test
  void aJsonObjectBecomesARecord() {
    EventDecoder<Click> decoder = json(Click.class);
    assertThat(
            decode(
                decoder,
                "{\"id\":\"a\",\"clickedAt\":\"2026-11-20T10:00:00.123Z\",\"count\":3,\"other\":[1,{\"count\":9}]}"))
        .isEqualTo(new Click("a", TEN, 3));
    assertThat(decode(decoder, " {\"count\":1,\"id\":null,\"count\":2} \n"))
        .isEqualTo(new Click(null, null, 2));
    assertThat(decode(decoder, "\uFEFF{\"count\":1}")).isEqualTo(new Click(null, null, 1));
  }

  @Test
  void nestedValuesAreRead() {
    EventDecoder<Nested> decoder = json(Nested.class);
    assertThat(
            decode(
                decoder,
                "{\"color\":\"GREEN\",\"maybe\":\"x\",\"point\":{\"x\":1,\"y\":null,\"z\":0},\"list\":[1,null,\"3\"],\"map\":{\"a\":true,\"b\":null}}"))
        .satisfies(
            nested -> {
              assertThat(nested.color()).isEqualTo(Color.GREEN);
              assertThat(nested.maybe()).contains("x");
              assertThat(nested.point()).isEqualTo(new Point(1, null));
              assertThat(nested.list()).containsExactly(1, null, 3);
              assertThat(nested.map()).containsEntry("a", true).containsEntry("b", null);
            });
    assertThat(decode(decoder, "{}"))
        .isEqualTo(new Nested(null, Optional.empty(), null, null, null));
    assertThat(decode(decoder, "{\"maybe\":null}").maybe()).isEmpty();
    undecodable(
        decoder,
        "{\"color\":\"green\"}",
        "component 'color': one of [RED, GREEN, BLUE] is expected, got text 'green'");
    undecodable(
        decoder,
        "{\"color\":1}",
        "component 'color': one of [RED, GREEN, BLUE] is expected, got 1");
    undecodable(
        decoder, "{\"point\":{}}", "component 'point.x': it is missing, and it needs a value");
    undecodable(
        decoder, "{\"point\":{\"x\":true}}", "component 'point.x': an int is expected, got true");
    undecodable(decoder, "{\"point\":7}", "component 'point': a JSON object is expected, got 7");
    undecodable(decoder, "{\"list\":{}}", "component 'list': an array is expected, got an object");
    undecodable(decoder, "{\"map\":[]}", "component 'map': an object is expected, got an array");
  }

  @Test
  void numbersAreTakenWhereTheyFitExactly() {
    EventDecoder<Numbers> decoder = json(Numbers.class);
    assertThat(
            decode(
                decoder,
                "{\"i\":\"7\",\"l\":3.0,\"f\":1.5,\"d\":\"-2.5e3\",\"n\":1.50,\"b\":\"TRUE\",\"s\":12.0}"))
        .isEqualTo(new Numbers(7, 3L, 1.5f, -2500.0, new BigDecimal("1.50"), true, "12.0"));
    assertThat(
            decode(
                decoder,
                "{\"l\":9223372036854775807,\"d\":\"NaN\",\"f\":\"-Infinity\",\"n\":123456789012345678901234567890,\"s\":true}"))
        .isEqualTo(
            new Numbers(
                null,
                Long.MAX_VALUE,
                Float.NEGATIVE_INFINITY,
                Double.NaN,
                new BigDecimal("123456789012345678901234567890"),
                null,
                "true"));
    undecodable(
        decoder, "{\"i\":2147483648}", "component 'i': 2147483648 does not fit into an int");
    undecodable(
        decoder,
        "{\"l\":9223372036854775808}",
        "component 'l': 9223372036854775808 does not fit into a long");
    undecodable(decoder, "{\"l\":1.5}", "component 'l': 1.5 does not fit into a long");
    undecodable(decoder, "{\"l\":1e999999999}", "does not fit into a long");
    undecodable(decoder, "{\"l\":1e2147483647}", "a long is expected, got 1e2147483647");
    undecodable(decoder, "{\"l\":1e-999999999}", "does not fit into a long");
    undecodable(decoder, "{\"l\":\"NaN\"}", "component 'l': a long is expected, got text 'NaN'");
    undecodable(decoder, "{\"l\":\"0x10\"}", "a long is expected, got text '0x10'");
    assertThat(decode(decoder, "{\"l\":\"\",\"d\":\" \",\"b\":\"\",\"s\":\"\"}"))
        .as("blank text is null, but where text is wanted")
        .isEqualTo(new Numbers(null, null, null, null, null, null, ""));
    assertThat(decode(decoder, "{\"l\":9007199254740993.0,\"s\":1.50}"))
        .isEqualTo(new Numbers(null, 9007199254740993L, null, null, null, null, "1.50"));
    assertThat(decode(decoder, "{\"l\":5,\"l\":null}").l()).as("the last counts").isNull();
    undecodable(decoder, "{\"l\":9007199254740992.5}", "does not fit into a long");
    undecodable(decoder, "{\"l\":\"0.99999999999999999999\"}", "does not fit into a long");
    undecodable(decoder, "{\"l\":\"\u0661\u0662\"}", "a long is expected, got text");
    undecodable(
        decoder,
        "{\"s\":\"a\\ud800b\"}",
        "component 's': the text has half of a surrogate pair (\\ud800) at character 1");
    assertThat(decode(decoder, "{\"s\":\"\\ud83d\\ude00\"}").s()).isEqualTo("\ud83d\ude00");
    undecodable(decoder, "{\"l\":NaN}", "it is not JSON, at byte");
    undecodable(decoder, "{\"d\":1e999}", "does not fit into a double");
    undecodable(decoder, "{\"f\":1e39}", "does not fit into a float");
    undecodable(decoder, "{\"b\":1}", "component 'b': true or false is expected, got 1");
    undecodable(decoder, "{\"b\":\"yes\"}", "true or false is expected, got text 'yes'");
    undecodable(decoder, "{\"s\":{}}", "component 's': a text is expected, got an object");
    undecodable(decoder, "{\"n\":\"1d\"}", "a decimal is expected, got text '1d'");
    undecodable(decoder, "{\"n\":" + "1".repeat(2000) + "}", "it is not JSON");
    undecodable(
        decoder, "{\"n\":\"" + "1".repeat(2000) + "\"}", "a decimal is expected, got text '111");
  }

  @Test
  void timesAreReadAsTheSettingsSay() {
    for (String iso :
        List.of(
            "2026-11-20T10:00:00.123Z",
            "2026-11-20T10:00:00.123",
            "2026-11-20 10:00:00.1239",
            "2026-11-20T10:00:00.123999999Z",
            "2026-11-20T15:45:00.123+05:45",
            "2026-11-20T05:00:00.123-05:00")) {
      assertThat(at("auto", '"' + iso + '"')).as(iso).isEqualTo(TEN);
      assertThat(at("iso", '"' + iso + '"')).as(iso).isEqualTo(TEN);
    }
    assertThat(at("auto", "\"2024-02-29T00:00:00Z\""))
        .isEqualTo(Instant.parse("2024-02-29T00:00:00Z"));
    assertThat(at("auto", "\"2026-12-31\"")).isEqualTo(Instant.parse("2026-12-31T00:00:00Z"));
    assertThat(at("auto", "\"2026\"")).isEqualTo(Instant.ofEpochMilli(2026));
    long millis = TEN.toEpochMilli();
    assertThat(at("auto", "" + millis)).isEqualTo(TEN);
    assertThat(at("auto", "\"" + millis + "\"")).isEqualTo(TEN);
    assertThat(at("millis", millis + ".9")).isEqualTo(TEN);
    assertThat(at("seconds", "1795168800.1239")).isEqualTo(TEN);
    assertThat(at("seconds", "\"1795168800\"")).isEqualTo(Instant.parse("2026-11-20T10:00:00Z"));
    assertThat(at("micros", millis + "999")).isEqualTo(TEN);
    assertThat(at("micros", "-1")).isEqualTo(Instant.ofEpochMilli(-1));
    assertThat(at("seconds", "1e-999999999")).isEqualTo(Instant.EPOCH);
    badTime("auto", "\"tomorrow\"", "text 'tomorrow' is not an ISO-8601 time");
    badTime("auto", "\"2026-02-30T00:00:00Z\"", "is not an ISO-8601 time");
    badTime("auto", "\"2026-11-20T24:00:01Z\"", "is not an ISO-8601 time");
    badTime("iso", "5", "a time (ISO-8601) is expected, got 5");
    badTime("millis", "\"2026-11-20\"", "a time (milliseconds) is expected, got text '2026-11-20'");
    badTime("seconds", "1e999999999", "does not fit into a time (seconds)");
    badTime(
        "seconds", "9223372036854775807", "9223372036854775807 does not fit into a time (seconds)");
    badTime("auto", "true", "a time (ISO-8601, or milliseconds) is expected, got true");
  }

  @Test
  void bytesThatAreNotOneJsonObjectAreRefused() {
    EventDecoder<Click> decoder = json(Click.class);
    undecodable(decoder, "", "source 'clicks': this is not a Click: the value is empty");
    undecodable(decoder, "   ", "the value is empty");
    undecodable(decoder, "null", "a JSON object is expected, got null");
    undecodable(decoder, "[{}]", "a JSON object is expected, got an array");
    undecodable(decoder, "{\"count\":1}{}", "something follows after the JSON object");
    undecodable(decoder, "{\"count\":1} x", "it is not JSON, at byte 12: Unrecognized token 'x'");
    undecodable(decoder, "{\"count\":1", "it is not JSON, at byte 10: Unexpected end-of-input");
    undecodable(decoder, "{}", "component 'count': it is missing, and it needs a value");
    undecodable(decoder, "{\"count\":null}", "component 'count': it is null, and it needs a value");
    undecodable(
        decoder,
        "{\"count\":1,\"other\":" + "[".repeat(200) + "]".repeat(200) + "}",
        "nesting depth");
    assertThatThrownBy(() -> decoder.decode(RawRecord.ofValue(null)))
        .hasMessage("source 'clicks': this is not a Click: there is no value");
    assertThatThrownBy(() -> decoder.decode(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}))
        .hasMessageContaining("it is not JSON");
  }

  @Test
  void fieldsCanHaveOtherNamesThanComponents() {
    EventDecoder<Click> decoder =
        EventDecoder.of(
            settings(
                "fields { clickedAt = \"clicked at\", id = click-id }, time { column = \"clicked"
                    + " at\", format = seconds }"),
            Click.class);
    assertThat(decode(decoder, "{\"click-id\":\"a\",\"id\":\"no\",\"clicked at\":1,\"count\":1}"))
        .isEqualTo(new Click("a", Instant.ofEpochSecond(1), 1));
    assertThat(decoder.fromFields(Map.of("click-id", "b", "clicked at", TEN, "count", 2L)))
        .isEqualTo(new Click("b", TEN, 2));
  }

  @Test
  void settingsThatDoNotFitTheRecordAreRefused() {
    refused(
        "fields { clickedAt = a, klick = b }",
        "starfire.sources.clicks.fields: 'klick' is no component of"
            + " io.starfire.event.EventDecoderTest$Click, which has [id, clickedAt, count]");
    refused(
        "time.column = served_at",
        "starfire.sources.clicks.time.column: 'served_at' is no component of");
    refused(
        "format = csv, csv.columns = [id, clickedAt]",
        "source 'clicks': column 'count' is missing from [id, clickedAt], and"
            + " io.starfire.event.EventDecoderTest$Click needs it");
    refused(
        "format = csv, topic = t",
        "starfire.sources.clicks.csv.columns must name the columns of the records in topic t");
    refused("format = parquet", "starfire.sources.clicks.format must be json, csv or tsv");
    refused(
        "format = csv, csv.delimiter = \"||\"",
        "starfire.sources.clicks.csv.delimiter must be one ASCII character and no quote, got '||'");
    refused(
        "format = xml",
        "starfire.sources.clicks.format = \"xml\" (line 1) is not one of json, csv, tsv, parquet");
    assertThatThrownBy(() -> SourceSettings.from(StarfireConfig.fromMap(Map.of()), "clicks"))
        .hasMessage(
            "source 'clicks' is not configured; add starfire.sources.clicks { topic = ... }"
                + " (configured: [])");
    assertThatThrownBy(() -> settings("format = json").requireTopic())
        .hasMessage("starfire.sources.clicks.topic is not set; it must name a Kafka topic");
  }

  @Test
  void csvRecordsAreReadByTheirColumns() {
    EventDecoder<Click> decoder =
        EventDecoder.of(settings("format = csv, csv.columns = [count, ignored, id]"), Click.class);
    assertThat(decode(decoder, "3,x,a\r\n")).isEqualTo(new Click("a", null, 3));
    assertThat(decode(decoder, "3,,\"a, \"\"b\"\"\nc\""))
        .isEqualTo(new Click("a, \"b\"\nc", null, 3));
    assertThat(decode(decoder, "3,,").id()).isNull();
    assertThat(decode(decoder, "3,,\"\"").id()).isEmpty();
    undecodable(decoder, "3,x", "2 fields were found where there are 3 columns");
    undecodable(decoder, "3,x,a,b", "4 fields were found where there are 3 columns");
    undecodable(decoder, ",x,a", "component 'count': it is null, and it needs a value");
    undecodable(decoder, "z,x,a", "component 'count': an int is expected, got text 'z'");
    undecodable(decoder, "3,x,a\n4,y,b", "more than one line was found");
    undecodable(decoder, "3,x,\"a", "field 3 has no closing quote");
    undecodable(decoder, "3,\"x\"y,a", "field 2 goes on after its closing quote");
    undecodable(decoder, "", "the value is empty");
    assertThatThrownBy(() -> decoder.decode(new byte[] {'3', ',', 'x', ',', (byte) 0xC3}))
        .hasMessageContaining("the text is not UTF-8");
    EventDecoder<Click> tabs =
        EventDecoder.of(
            settings("format = tsv, csv { columns = [id, count], empty-as-null = false }"),
            Click.class);
    assertThat(decode(tabs, "\t4")).isEqualTo(new Click("", null, 4));
    assertThat(decode(tabs, "a,b\t4")).isEqualTo(new Click("a,b", null, 4));
  }

  @Test
  void filesAreReadInTheirOwnFormat() {
    EventDecoder<Click> decoder = json(Click.class);
    EventDecoder<Click> csv =
        decoder.forFile(SourceSettings.Format.CSV, "\uFEFFid,\"count\"\r".getBytes(UTF_8));
    assertThat(decode(csv, "a,3")).isEqualTo(new Click("a", null, 3));
    EventDecoder<Click> tsv = csv.forFile(SourceSettings.Format.TSV, "count\tid".getBytes(UTF_8));
    assertThat(decode(tsv, "3\ta")).isEqualTo(new Click("a", null, 3));
    EventDecoder<Click> json = tsv.forFile(SourceSettings.Format.JSON, null);
    assertThat(decode(json, "{\"count\":1}")).isEqualTo(new Click(null, null, 1));
    EventDecoder<Click> parquet = json.forFile(SourceSettings.Format.PARQUET, null);
    assertThat(parquet.fromFields(Map.of("count", 1))).isEqualTo(new Click(null, null, 1));
    assertThatThrownBy(() -> json.forFile(SourceSettings.Format.CSV, "id".getBytes(UTF_8)))
        .hasMessage(
            "source 'clicks': column 'count' is missing from [id], and"
                + " io.starfire.event.EventDecoderTest$Click needs it");
    assertThatThrownBy(() -> json.forFile(SourceSettings.Format.CSV, new byte[0]))
        .hasMessage("source 'clicks': the file has no header");
  }

  @Test
  void namedFieldsBecomeARecord() {
    EventDecoder<Numbers> decoder = json(Numbers.class);
    Map<String, Object> fields =
        new HashMap<>(
            Map.of(
                "i", 1L, "l", 2, "f", 0.5, "d", 0.1f, "n", 3.25, "b", true, "other", new Object()));
    fields.put("s", null);
    assertThat(decoder.fromFields(fields))
        .isEqualTo(new Numbers(1, 2L, 0.5f, (double) 0.1f, new BigDecimal("3.25"), true, null));
    assertThatThrownBy(() -> decoder.fromFields(Map.of("l", 0.5)))
        .hasMessageContaining("component 'l': 0.5 does not fit into a long");
    assertThatThrownBy(() -> decoder.fromFields(Map.of("l", Double.NaN)))
        .hasMessageContaining("component 'l': a long is expected, got NaN");
    assertThatThrownBy(() -> decoder.fromFields(Map.of("l", List.of())))
        .hasMessageContaining("component 'l': a long is expected, got an array");
  }

  @Test
  void randomRecordsWrittenByAnotherJsonLibraryComeBack() throws IOException {
    Random random = Seeds.random("randomRecordsWrittenByAnotherJsonLibrary");
    JsonMapper mapper = new JsonMapper();
    EventDecoder<Everything> decoder =
        EventDecoder.of(SourceSettings.json("all"), Everything.class);
    RecordCodec<Everything> codec = RecordCodec.of(Everything.class);
    for (int i = 0; i < 1_000; i++) {
      Everything value = Samples.everything(random);
      Everything decoded = decoder.decode(mapper.writeValueAsBytes(JsonForm.of(value)));
      assertThat(codec.encode(decoded)).isEqualTo(codec.encode(value));
    }
  }

  @Test
  void noBytesBreakTheDecoder() throws IOException {
    Random random = Seeds.random("noBytesBreakTheDecoder");
    JsonMapper mapper = new JsonMapper();
    EventDecoder<Everything> decoder =
        EventDecoder.of(SourceSettings.json("all"), Everything.class);
    for (int i = 0; i < 1_000; i++) {
      byte[] json = mapper.writeValueAsBytes(JsonForm.of(Samples.everything(random)));
      for (int change = random.nextInt(4); change >= 0; change--) {
        json[random.nextInt(json.length)] = (byte) random.nextInt(128);
      }
      try {
        decoder.decode(json);
      } catch (StarfireException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
      }
    }
  }

  private static Instant at(String format, String value) {
    return decode(
            EventDecoder.of(settings("time.format = " + format), At.class),
            "{\"at\":" + value + "}")
        .at();
  }

  private static void badTime(String format, String value, String message) {
    assertThatThrownBy(() -> at(format, value))
        .hasMessageContaining("component 'at': ")
        .hasMessageContaining(message);
  }

  private static <T> EventDecoder<T> json(Class<T> type) {
    return EventDecoder.of(SourceSettings.json("clicks"), type);
  }

  private static SourceSettings settings(String text) {
    return SourceSettings.from(
        StarfireConfig.fromString("starfire.sources.clicks { " + text + " }"), "clicks");
  }

  private static <T> T decode(EventDecoder<T> decoder, String text) {
    return decoder.decode(text.getBytes(UTF_8));
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> EventDecoder.of(settings(text), Click.class))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message);
  }

  private static void undecodable(EventDecoder<?> decoder, String text, String message) {
    assertThatThrownBy(() -> decode(decoder, text))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }
}
