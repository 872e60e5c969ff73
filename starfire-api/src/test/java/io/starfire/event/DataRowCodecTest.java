package io.starfire.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.event.internal.AvroNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

final class DataRowCodecTest {
  private static final DataSourceSchema SCHEMA =
      schema("ad-events", new MetricSpec("revenue", Aggregation.DOUBLE_SUM));

  private final DataRowCodec codec = DataRowCodec.of(SCHEMA);

  private static DataSourceSchema schema(String name, MetricSpec last) {
    return new DataSourceSchema(
        name,
        List.of(
            new DimensionSpec("publisher", ColumnType.STRING),
            new DimensionSpec("zip code", ColumnType.LONG),
            new DimensionSpec("weight", ColumnType.DOUBLE)),
        List.of(
            new MetricSpec("rows", Aggregation.COUNT),
            new MetricSpec("clicks", Aggregation.LONG_SUM),
            last),
        Granularity.HOUR,
        Granularity.MINUTE,
        true);
  }

  private static DataRow row(
      long time, Object publisher, Long zip, Double weight, Long clicks, Double revenue) {
    return new DataRow(
        time,
        new Object[] {publisher, zip, weight},
        new long[] {
          0, clicks == null ? 0 : clicks, Double.doubleToRawLongBits(revenue == null ? 0 : revenue)
        },
        new boolean[] {false, clicks == null, revenue == null});
  }

  private static List<Object> contents(DataRow row) {
    return Arrays.asList(
        row.timeMillis(),
        row.dimension(0),
        row.dimension(1),
        row.dimension(2),
        row.isMetricNull(1) ? null : row.longMetric(1),
        row.isMetricNull(2) ? null : row.doubleMetric(2));
  }

  /** What a page saw. */
  record Visit(String user, List<String> tags, double latency, long size) {}

  @Test
  void theInputsOfSketchesOfAPipelineComeBackAsTheyWere() {
    DataSource<Visit> visits =
        DataSource.named("visits", Visit.class)
            .dimensions("user")
            .count("rows")
            .hllSketch("users", 14, Visit::user)
            .hllSketch("tagged", "tags")
            .thetaSketch("sizes", Visit::size)
            .quantilesSketch("latencies", Visit::latency)
            .quantilesSketch("volumes", "size");
    assertThat(visits.schema().metrics().get(1).settings()).isEqualTo(Map.of("lgK", 14L));
    DataRowCodec own = DataRowCodec.of(visits.schema());
    DataRow row = visits.toRow(new Visit("u", List.of("b", "a"), 2.5, 7), 1_000);
    DataRow read = own.decode(own.encode(row));
    assertThat(read.sketchInput(1)).isEqualTo("u");
    assertThat(read.sketchInput(2)).isEqualTo(List.of("a", "b"));
    assertThat(read.sketchInput(3)).isEqualTo(7L);
    assertThat(read.sketchInput(4)).isEqualTo(2.5);
    assertThat(read.sketchInput(5)).isEqualTo(7.0);
    DataRow empty =
        new DataRow(
            5,
            new Object[1],
            new long[6],
            null,
            new Object[] {null, null, new byte[] {1}, null, null, null});
    assertThat(own.decode(own.encode(empty)).sketchInput(1)).isNull();
    assertThat(own.decode(own.encode(empty)).sketchInput(2)).isEqualTo(new byte[] {1});
    assertThatThrownBy(
            () -> DataSource.named("visits", Visit.class).hllSketch("u", 30, Visit::user))
        .hasMessage("lgK of HLLSketchBuild must be a whole number from 4 to 21, got 30");
  }

  @Test
  void theBytesOfARowAreThese() {
    byte[] bytes = codec.encode(row(1, "ad", -1L, 0.5, 3L, 0.25));
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "c301"
                + "82f8e427b7c6d7d6"
                + "02"
                + "02046164"
                + "0201"
                + "02000000000000e03f"
                + "0206"
                + "02000000000000d03f");
  }

  @Test
  void theSchemaEscapesNamesThatAvroDoesNotAllow() {
    assertThat(codec.avroSchemaJson())
        .startsWith(
            "{\"type\":\"record\",\"name\":\"ad_x002devents\",\"namespace\":\"io.starfire.row\",\"fields\":[{\"name\":\"__time\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}},{\"name\":\"publisher\",\"type\":[\"null\",\"string\",{\"type\":\"array\",\"items\":[\"null\",\"string\"]}]},{\"name\":\"zip_x0020code\",\"type\":[\"null\",\"long\"]}")
        .doesNotContain("\"rows\"");
  }

  @Test
  void differentNamesHaveDifferentEscapes() {
    Set<String> escapes = new HashSet<>();
    for (String name :
        List.of(
            "a b",
            "a_x0020b",
            "a_b",
            "ab",
            "1a",
            "_x0031a",
            "__time",
            "é",
            "_x00e9",
            "日本",
            "__x")) {
      String escaped = AvroNames.escape(name);
      assertThat(escaped).matches("[A-Za-z_][A-Za-z0-9_]*");
      assertThat(escapes.add(escaped)).as(name).isTrue();
    }
    assertThat(AvroNames.escape("__time")).isEqualTo("__time");
  }

  @Test
  void nullsEmptyTextsAndSeveralValuesComeBackAsTheyWere() {
    for (Object publisher :
        new Object[] {null, "", "a", List.of(), List.of("a"), Arrays.asList("a", null, "")}) {
      DataRow row = row(-5, publisher, null, null, null, null);
      assertThat(contents(codec.decode(codec.encode(row)))).isEqualTo(contents(row));
    }
  }

  @Test
  void avrosMessageEncoderAgreesOnRandomRows() throws IOException {
    Random random = Seeds.random("avrosMessageEncoderAgrees");
    Schema schema = new Schema.Parser().parse(codec.avroSchemaJson());
    BinaryMessageDecoder<GenericRecord> decoder =
        new BinaryMessageDecoder<>(GenericData.get(), schema);
    BinaryMessageEncoder<GenericRecord> encoder =
        new BinaryMessageEncoder<>(GenericData.get(), schema);
    for (int i = 0; i < 2_000; i++) {
      DataRow row = random(random);
      byte[] bytes = codec.encode(row);
      assertThat(contents(codec.decode(bytes))).isEqualTo(contents(row));
      GenericRecord generic = decoder.decode(bytes);
      assertThat(generic.get("__time")).isEqualTo(row.timeMillis());
      assertThat(generic.get("zip_x0020code")).isEqualTo(row.dimension(1));
      assertThat(generic.get("clicks")).isEqualTo(row.isMetricNull(1) ? null : row.longMetric(1));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      encoder.encode(generic, out);
      assertThat(out.toByteArray()).isEqualTo(bytes);
    }
  }

  private static DataRow random(Random random) {
    Object publisher =
        switch (random.nextInt(3)) {
          case 0 -> null;
          case 1 -> Samples.text(random);
          default -> new ArrayList<>(Arrays.asList(Samples.text(random), null));
        };
    return row(
        Samples.number(random),
        publisher,
        random.nextBoolean() ? null : Samples.number(random),
        random.nextBoolean() ? null : Samples.wide(random) + 0.0,
        random.nextBoolean() ? null : Samples.number(random),
        random.nextBoolean() ? null : Samples.wide(random) + 0.0);
  }

  @Test
  void strangeBytesAreRefusedBySayingWhatTheyLack() {
    byte[] bytes = codec.encode(row(1, "ad", -1L, 0.5, 3L, 0.25));
    refused(
        new byte[0],
        "0 bytes are not a row of data source 'ad-events': a row begins with a header of 10 bytes");
    refused(Samples.with(bytes, 0, '{'), "a row begins with c301, got 7b01");
    refused(
        Samples.with(bytes, 2, 0),
        "they are of the Avro schema with fingerprint d6d7c6b727e4f800, and this one has"
            + " d6d7c6b727e4f882");
    refused(
        Arrays.copyOf(bytes, bytes.length - 1),
        "component 'revenue': 8 more bytes are needed and 7 remain");
    refused(Arrays.copyOf(bytes, bytes.length + 1), "1 bytes are left over");
    refused(Samples.with(bytes, 11, 6), "component 'publisher': branch 3 of a union that has 3");
  }

  @Test
  void noChangedByteBreaksTheReader() {
    Random random = Seeds.random("noChangedByteBreaksTheReader");
    for (int i = 0; i < 500; i++) {
      byte[] bytes = codec.encode(random(random));
      bytes[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt();
      try {
        codec.decode(bytes);
      } catch (StarfireException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
      }
    }
  }

  @Test
  void aRowOfOtherColumnsIsRefused() {
    assertThatThrownBy(() -> codec.encode(new DataRow(0, new Object[1], new long[3], null)))
        .hasMessage("a row of data source 'ad-events' has 3 dimensions and 3 metrics, got 1 and 3");
    assertThatThrownBy(
            () -> codec.encode(new DataRow(0, new Object[] {1, null, null}, new long[3], null)))
        .hasMessage(
            "data source 'ad-events': dimension 'publisher' is a STRING column, got a"
                + " java.lang.Integer");
  }

  @Test
  void schemasAreReadBackFromTheirJson() {
    String json = DataSourceSchemas.toJson(SCHEMA);
    assertThat(json)
        .startsWith(
            "{\"name\":\"ad-events\",\"dimensions\":[{\"name\":\"publisher\",\"type\":\"STRING\"}")
        .endsWith(
            "\"segmentGranularity\":\"hour\",\"queryGranularity\":\"minute\",\"rollup\":true}");
    assertThat(DataSourceSchemas.fromJson(json)).isEqualTo(SCHEMA);
    DataSourceSchema other = schema("ad-events", new MetricSpec("revenue", Aggregation.DOUBLE_MAX));
    assertThat(DataRowCodec.of(other).fingerprint()).isEqualTo(codec.fingerprint());
    assertThat(DataSourceSchemas.fingerprint(other))
        .isNotEqualTo(DataSourceSchemas.fingerprint(SCHEMA));
  }

  @Test
  void schemasWithUnknownMissingOrWrongFieldsAreRefused() {
    String json = DataSourceSchemas.toJson(SCHEMA);
    badSchema(json.replace("\"rollup\"", "\"rolup\":1,\"rollup\""), "Unrecognized field \"rolup\"");
    badSchema(
        json.replace(",\"rollup\":true", ""),
        "Missing required creator property 'rollup' (index 5)");
    badSchema(json.replace("\"hour\"", "\"fortnight\""), "granularity 'fortnight' is not known");
    badSchema(
        json.replace("\"zip code\"", "\"clicks\""),
        "data source 'ad-events' has two columns named 'clicks'");
    badSchema(json + "x", "Unrecognized token 'x'");
    badSchema("null", "a data source schema must be a JSON object, got null");
    badSchema("", "this is not a data source schema: No content");
  }

  private static void badSchema(String json, String message) {
    assertThatThrownBy(() -> DataSourceSchemas.fromJson(json))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message);
  }

  private void refused(byte[] bytes, String message) {
    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }
}
