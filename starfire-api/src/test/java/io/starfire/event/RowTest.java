package io.starfire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RowTest {
  private static final RowSchema ORDERS =
      RowSchema.parse(
          "orders",
          "id string, city string?, at instant, price double, pieces int?, cost decimal?,"
              + " tags list<string>?, weights map<double>?, paid boolean?");

  /** The same fields as a Java record. */
  public record Order(
      String id,
      String city,
      Instant at,
      double price,
      Integer pieces,
      BigDecimal cost,
      List<String> tags,
      Map<String, Double> weights,
      Boolean paid) {}

  private static Row order(String id) {
    return ORDERS.row().set("id", id).set("at", Instant.EPOCH).set("price", 2.5).build();
  }

  @Test
  void aRowIsWrittenAsItsCanonicalBytesAndReadBack() {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      Row row = draw(random);
      byte[] bytes = ORDERS.codec().encode(row);
      Row read = ORDERS.codec().decode(bytes);
      assertThat(ORDERS.codec().encode(read)).isEqualTo(bytes);
      assertThat(read).isEqualTo(ORDERS.codec().normalise(row));
      assertThat(read.schema()).isSameAs(ORDERS);
    }
  }

  private static Row draw(Random random) {
    Map<String, Object> weights = new HashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      weights.put("w" + random.nextInt(9), random.nextBoolean() ? null : random.nextDouble());
    }
    return ORDERS
        .row()
        .set("id", "o" + random.nextInt(100))
        .set("city", random.nextBoolean() ? null : "Paris")
        .set("at", Instant.ofEpochMilli(random.nextInt()).plusNanos(random.nextInt(999_999)))
        .set("price", random.nextBoolean() ? -0.0 : random.nextDouble())
        .set("pieces", random.nextBoolean() ? null : random.nextInt())
        .set("cost", random.nextBoolean() ? null : BigDecimal.valueOf(random.nextInt(), 3))
        .set("tags", random.nextBoolean() ? null : Arrays.asList("a", null, "b"))
        .set("weights", random.nextBoolean() ? null : weights)
        .set("paid", random.nextBoolean() ? null : random.nextBoolean())
        .build();
  }

  @Test
  void aRowIsDecodedAsARecordOfTheSameFieldsIs() {
    String json =
        "{\"id\":\"o1\",\"city\":null,\"at\":\"2026-11-20T10:00:00Z\",\"price\":\"3.5\","
            + "\"pieces\":4,\"cost\":1.50,\"tags\":\"one\",\"weights\":{\"kg\":2},\"paid\":true}";
    SourceSettings settings = SourceSettings.json("orders");
    Row row = EventDecoder.of(settings, ORDERS).decode(json.getBytes(UTF_8));
    Order order = EventDecoder.of(settings, Order.class).decode(json.getBytes(UTF_8));
    assertThat(row.string("id")).isEqualTo(order.id());
    assertThat(row.optional("city", String.class)).isEmpty();
    assertThat(row.instant("at")).isEqualTo(order.at());
    assertThat(row.doubleValue("price")).isEqualTo(order.price());
    assertThat(row.longValue("pieces")).isEqualTo(order.pieces().longValue());
    assertThat(row.decimal("cost")).isEqualTo(order.cost());
    assertThat(row.list("tags")).isEqualTo(order.tags());
    assertThat(row.map("weights")).isEqualTo(order.weights());
    assertThat(row.booleanValue("paid")).isEqualTo(order.paid());
  }

  @Test
  void aFieldThatIsNotOptionalMustBeInTheData() {
    EventDecoder<Row> decoder = EventDecoder.of(SourceSettings.json("orders"), ORDERS);
    assertThat(decoder.decode("{\"id\":\"a\",\"at\":0,\"price\":1}".getBytes(UTF_8)))
        .isEqualTo(order("a").with("price", 1.0));
    refused(() -> decoder.decode("{\"at\":0,\"price\":1}".getBytes(UTF_8)))
        .hasMessage(
            "source 'orders': this is not a orders: component 'id': it is missing, and it needs a"
                + " value");
    refused(() -> decoder.decode("{\"id\":\"a\",\"at\":0,\"price\":\"x\"}".getBytes(UTF_8)))
        .hasMessageContaining("component 'price'");
  }

  @Test
  void aFieldOfAnotherTypeOrNameIsNamed() {
    Row row = order("a");
    refused(() -> row.string("town"))
        .hasMessage(
            "there is no field 'town' in rows of 'orders'; there are [id, city, at, price, pieces,"
                + " cost, tags, weights, paid]");
    refused(() -> row.string("price"))
        .hasMessage(
            "field 'price' of rows of 'orders' has the type double, and was read as string; read it"
                + " as it is, or cast it first");
    refused(() -> row.longValue("pieces"))
        .hasMessage(
            "field 'pieces' of rows of 'orders' is null; read it with optional(), or give it a"
                + " default");
    refused(() -> row.with("price", "3"))
        .hasMessage("field 'price' is a double, and cannot hold the String 3");
    refused(() -> row.with("tags", List.of(1)))
        .hasMessage("field 'tags' is a list<string>?, and cannot hold the List [1]");
    refused(() -> ORDERS.row().build()).hasMessage("field 'id' is a string, and cannot hold null");
    refused(() -> ORDERS.field("id", Long.class))
        .hasMessage(
            "field 'id' of rows of 'orders' has the type string, and is asked for as long; name the"
                + " class of its values");
    assertThat(ORDERS.field("price", Double.class).apply(row)).isEqualTo(2.5);
  }

  @Test
  void aRowOfAnotherSchemaIsRefused() {
    RowSchema other = RowSchema.named("orders").with("id", FieldType.STRING);
    Row row = other.row().set("id", "a").build();
    refused(() -> ORDERS.codec().encode(row))
        .hasMessageStartingWith(
            "a row of the schema orders (id string) was given where orders (id string, city"
                + " string?,");
    RowSchema same = RowSchema.named("orders").with("id", FieldType.STRING);
    assertThat(same.codec().encode(row)).isEqualTo(other.codec().encode(row));
    assertThat(same.codec().decode(other.codec().encode(row))).isEqualTo(row);
  }

  @Test
  void aRowIsAKeyAndIsReadBackFromIt() {
    RowSchema place = RowSchema.parse("place", "city string, zip long?");
    Row paris = place.row().set("city", "Paris").build();
    byte[] key = KeyCodec.encode(paris);
    assertThat(KeyReader.of(place).read(key)).isEqualTo(paris);
    assertThat(KeyCodec.encode(paris.with("zip", 1L))).isNotEqualTo(key);
    assertThat(KeyCodec.encode(List.of(paris))).isNotEqualTo(key);
    refused(() -> KeyReader.of(ORDERS).read(key))
        .hasMessage("the function of the key gives another type of key than rows of 'orders'");
    RowSchema renamed = RowSchema.parse("town", "city string, zip long?");
    assertThat(KeyCodec.encode(renamed.row().set("city", "Paris").build())).isEqualTo(key);
    RowSchema other = RowSchema.parse("place", "city string, zip int?");
    assertThat(KeyCodec.encode(other.row().set("city", "Paris").build())).isNotEqualTo(key);
  }

  @Test
  void theSchemaIsThatOfAnAvroFile() {
    String avro =
        """
        {"type": "record", "name": "Any", "fields": [
          {"name": "id", "type": "string"},
          {"name": "kind", "type": ["null", {"type": "enum", "name": "Kind", "symbols": ["A"]}]},
          {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "tags", "type": {"type": "array", "items": ["null", "string"]}},
          {"name": "cost", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9}},
          {"name": "place", "type": {"type": "record", "name": "Place", "fields": [
            {"name": "zip", "type": "int"}]}}]}
        """;
    RowSchema schema = RowSchema.parse("orders", avro);
    assertThat(schema.describe())
        .isEqualTo(
            "orders (id string, kind string?, at instant, tags list<string>, cost decimal,"
                + " place row (zip int))");
    Row row =
        EventDecoder.of(SourceSettings.json("orders"), schema)
            .decode(
                "{\"id\":\"a\",\"at\":0,\"tags\":[],\"cost\":1,\"place\":{\"zip\":7}}"
                    .getBytes(UTF_8));
    assertThat(row.row("place").intValue("zip")).isEqualTo(7);
    assertThat(schema.codec().decode(schema.codec().encode(row))).isEqualTo(row);
  }

  @Test
  void brokenTextOfASchemaIsRefusedWithTheField() {
    broken("", "it is empty; write fields such as 'id string, city string?'");
    broken("id", "'id' is no field; write its name, then its type, such as 'city string?'");
    broken("id string,, at instant", "'' is no field; write its name");
    broken("id sting", "field 'id': 'sting' is no type of a field; use one of [string, boolean,");
    broken("id string, id long", "two fields named 'id'");
    broken("{", "it is no Avro schema");
    broken("{\"type\":\"record\",\"name\":\"A\"}", "it is no Avro schema");
    broken(
        "{\"type\":\"array\",\"items\":\"int\"}", "its Avro type is a ARRAY, and must be a record");
    broken(avroField("[\"int\",\"string\"]"), "field 'f' is a union of [\"int\", \"string\"]");
    broken(avroField("\"bytes\""), "field 'f' holds plain bytes");
    broken(avroField("\"null\""), "field 'f' is always null");
  }

  private static String avroField(String type) {
    return "{\"type\":\"record\",\"name\":\"A\",\"fields\":[{\"name\":\"f\",\"type\":%s}]}"
        .formatted(type);
  }

  private static void broken(String text, String message) {
    assertThatThrownBy(() -> RowSchema.parse("orders", text))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageStartingWith("the schema of rows 'orders' cannot be read: ")
        .hasMessageContaining(message);
  }

  @Test
  void rowsOfALookupAreFoundByKey() {
    RowSchema cities = RowSchema.parse("cities", "city string, people long?");
    LookupTable<String, Row> table =
        LookupTable.loadCsv(
            "cities", "city,people\nParis,2\nRome,\n".getBytes(UTF_8), String.class, cities, null);
    assertThat(table.get("Paris").map(row -> row.longValue("people"))).contains(2L);
    assertThat(table.get("Rome").flatMap(row -> row.optional("people", Long.class)))
        .isEqualTo(Optional.empty());
  }

  @Test
  void namesOfFieldsMayHaveAnyLetters() {
    RowSchema schema = RowSchema.named("log lines").with("user-agent", FieldType.STRING);
    Row row = schema.row().set("user-agent", "curl").build();
    assertThat(schema.codec().decode(schema.codec().encode(row)).string("user-agent"))
        .isEqualTo("curl");
  }

  @Test
  void rowsInARowKeepTheirOwnFields() {
    RowSchema places = RowSchema.parse("place", "city string");
    RowSchema zips = RowSchema.parse("place", "zip long");
    RowSchema schema =
        RowSchema.named("orders")
            .with("a", FieldType.row(places))
            .with("b", FieldType.list(FieldType.row(zips)))
            .with("c", FieldType.row(places).optional());
    Row row =
        schema
            .row()
            .set("a", places.row().set("city", "Rome").build())
            .set("b", List.of(zips.row().set("zip", 7L).build()))
            .build();
    assertThat(schema.codec().decode(schema.codec().encode(row))).isEqualTo(row);
    assertThat(new org.apache.avro.Schema.Parser().parse(schema.schemaJson()).getFields())
        .hasSize(3);
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(StarfireException.class);
  }
}
