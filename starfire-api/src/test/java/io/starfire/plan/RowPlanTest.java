package io.starfire.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Enhancement;
import io.starfire.api.Flow;
import io.starfire.api.Pipeline;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.event.FieldType;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import io.starfire.event.RowSchemas;
import io.starfire.plan.Events.Hit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowPlanTest {
  private static final RowSchema ORDERS =
      RowSchema.parse("orders", "id string, town string?, at instant, price string, pieces int?");

  private static final Enhancement STEPS =
      Enhance.steps()
          .rename("town", "city")
          .defaultFor("city", "nowhere")
          .cast("price", FieldType.DOUBLE)
          .castOrNull("id", FieldType.LONG)
          .with(
              "revenue",
              FieldType.DOUBLE,
              row -> row.doubleValue("price") * row.optional("pieces", Integer.class).orElse(1))
          .drop("pieces");

  @TempDir Path directory;

  private static Stream<Row> orders(Flow flow, RowSchema schema) {
    return flow.source("orders", schema).eventTime(row -> row.instant("at")).withoutIdentity();
  }

  private static Row order(String price) {
    return ORDERS
        .row()
        .set("id", "7")
        .set("at", Instant.EPOCH)
        .set("price", price)
        .set("pieces", 3)
        .build();
  }

  @Test
  void stepsChangeTheSchemaAndTheRows() {
    Enhancement.Bound bound = STEPS.bindToRows(ORDERS, "clean");
    RowSchema clean =
        RowSchema.parse("clean", "id long?, city string, at instant, price double, revenue double");
    assertThat(bound.type()).isEqualTo(clean);
    assertThat(bound.apply(order("2.5"), RowPlanTest::noRows))
        .isEqualTo(
            clean
                .row()
                .set("id", 7L)
                .set("city", "nowhere")
                .set("at", Instant.EPOCH)
                .set("price", 2.5)
                .set("revenue", 7.5)
                .build());
    assertThatThrownBy(() -> bound.apply(order("cheap"), RowPlanTest::noRows))
        .hasMessageStartingWith("cast price to double: 'cheap' cannot be turned into a double: ");
  }

  private static Optional<?> noRows(String lookup, Object key) {
    return Optional.empty();
  }

  /** A record with all that a row keeps in another way. */
  public record Mixed(String id, Kind kind, Optional<Integer> size, Place place, List<Kind> all) {}

  /** A kind. */
  public enum Kind {
    BIG
  }

  /** A place. */
  public record Place(String city) {}

  @Test
  void recordsBecomeRowsAndRowsBecomeRecords() {
    Enhancement.Bound toRows =
        Enhance.steps().bindToRows(io.starfire.event.EventType.of(Mixed.class), "mixed");
    assertThat(toRows.type().describe())
        .isEqualTo(
            "mixed (id string?, kind string?, size int?, place row (city string?)?, all"
                + " list<string>?)");
    Row row =
        (Row)
            toRows.apply(
                new Mixed("a", Kind.BIG, Optional.of(3), new Place("Rome"), List.of(Kind.BIG)),
                RowPlanTest::noRows);
    assertThat(row.string("kind")).isEqualTo("BIG");
    assertThat(row.intValue("size")).isEqualTo(3);
    assertThat(row.row("place").string("city")).isEqualTo("Rome");
    assertThat(row.list("all").get(0)).isEqualTo("BIG");
    RowSchema hits = RowSchema.parse("hits", "id string, at instant, user string?");
    Enhancement.Bound toRecords =
        Enhance.steps().bind(hits, io.starfire.event.EventType.of(Hit.class));
    assertThat(
            toRecords.apply(
                hits.row().set("id", "h").set("at", Instant.EPOCH).build(), RowPlanTest::noRows))
        .isEqualTo(new Hit("h", Instant.EPOCH, null));
  }

  /** A pipeline whose rows are known to the configuration only. */
  private static final class Configured implements Pipeline {
    @Override
    public void define(Flow flow) {
      Stream<Row> clean = orders(flow, flow.schema("orders")).enhance(STEPS);
      clean.to(
          DataSource.named("revenue", clean.type())
              .dimensions("city")
              .count("orders")
              .doubleSum("revenue", "revenue"));
    }
  }

  private static Plan planned(String key, String value) {
    StarfireConfig config = StarfireConfig.fromMap(Map.of("starfire.schemas.orders." + key, value));
    return Planner.plan(new Configured(), RowSchemas.of(config));
  }

  private static final String FIELDS =
      "id string, town string?, at instant, price string, pieces int?";

  @Test
  void explainShowsTheStepsOfRowsByName() {
    Plan plan = planned("fields", FIELDS);
    assertThat(Explain.stream(plan, Grants.asked(plan), Duration.ZERO, "app"))
        .contains(
            "source of orders, without identity",
            "enhance-1: rename town to city, default nowhere for city, cast price to double,"
                + " cast id to long or null, with revenue as double, drop pieces\n");
  }

  @Test
  void theSchemaComesFromFieldsFromTextOrFromAFileAndTheFingerprintSeesIt() throws Exception {
    Path file = directory.resolve("orders.txt");
    Files.writeString(file, FIELDS);
    String fingerprint = planned("fields", FIELDS).fingerprint();
    assertThat(planned("text", FIELDS).fingerprint()).isEqualTo(fingerprint);
    assertThat(planned("file", file.toString()).fingerprint()).isEqualTo(fingerprint);
    assertThat(planned("fields", FIELDS + ", more long?").fingerprint()).isNotEqualTo(fingerprint);
    String optional = FIELDS.replace("at instant", "at instant?");
    assertThat(planned("fields", optional).fingerprint()).isNotEqualTo(fingerprint);
    StarfireConfig config =
        StarfireConfig.fromMap(Map.of("starfire.schemas.orders.file", file.toString()));
    StarfireConfig forTasks = RowSchemas.withoutFiles(config);
    Files.delete(file);
    assertThat(Planner.plan(new Configured(), RowSchemas.of(forTasks)).fingerprint())
        .isEqualTo(fingerprint);
    assertThatThrownBy(() -> planned("file", file.toString()))
        .hasMessageContaining("file " + file + " cannot be read")
        .hasMessageContaining("set starfire.schemas.orders.file");
  }

  @Test
  void aSchemaThatIsNotConfiguredIsRefused() {
    assertThatThrownBy(() -> Planner.plan(new Configured()))
        .hasMessageStartingWith(
            "the schema of rows 'orders' is not configured; add starfire.schemas.orders { fields ="
                + " \"id string, city string?\" }, or its file (configured: [])");
    assertThatThrownBy(() -> planned("fields", "id sting"))
        .hasMessageContaining("the schema of rows 'orders' cannot be read: field 'id': 'sting'");
    assertThatThrownBy(() -> planned("feilds", "id string"))
        .hasMessageContaining("did you mean starfire.schemas.<name>.fields?");
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheOperatorAndTheField() {
    RowSchema other = RowSchema.parse("orders", "id string");
    refused(
            flow ->
                orders(flow, ORDERS)
                    .union(flow.source("more", other).eventTime(r -> null).withoutIdentity()))
        .hasMessageStartingWith("'union-1' is given events of two types: orders (id string, town")
        .hasMessageEndingWith(", and orders (id string)");
    refused(flow -> orders(flow, ORDERS).to(DataSource.named("rows", other).dimensions("id")))
        .hasMessageStartingWith("'to-rows' is given events of two types: ");
    refused(flow -> orders(flow, ORDERS).to(DataSource.named("rows", ORDERS).dimensions("city")))
        .hasMessageStartingWith("rows of 'orders' has no field 'city'; it has [id, town,");
    refused(flow -> orders(flow, ORDERS).to(DataSource.named("rows", ORDERS).longSum("n", "price")))
        .hasMessage(
            "metric 'n': field 'price' of rows of 'orders' is a String, and must be of type int or"
                + " long");
    refused(
            flow ->
                orders(flow, ORDERS).to(DataSource.named("rows", ORDERS).longMax("n", "pieces")))
        .hasMessageContaining("field 'pieces' of rows of 'orders' may be null");
    refused(flow -> orders(flow, ORDERS).enhance(Enhance.steps().drop("city")))
        .hasMessage(
            "'enhance-1': drop city: there is no component 'city'; there are [id, town, at, price,"
                + " pieces]");
    refused(flow -> orders(flow, ORDERS).enhance(Enhance.steps().trim("pieces")))
        .hasMessage(
            "'enhance-1': trim pieces: component 'pieces' is a Integer, and must be a String");
    refused(
            flow ->
                orders(flow, ORDERS)
                    .groupBy("g", Object.class, row -> row)
                    .tumbling(Tumbling.every(Duration.ofHours(1))))
        .hasMessageContaining("group 'g': the key of a group must be a String,");
  }

  /** Not an event: its component cannot be written. */
  public record Odd(Object any) {}

  @Test
  void aRecordOfAnUnsupportedTypeIsRefusedWithItsOperator() {
    refused(
            flow ->
                orders(flow, ORDERS)
                    .map(Odd.class, row -> new Odd(row))
                    .to(DataSource.named("odd", Odd.class).count("n")))
        .hasMessageStartingWith("map 'map-1': record ")
        .hasMessageContaining("component 'any': type java.lang.Object is not supported");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> refused(Pipeline pipeline) {
    return assertThatThrownBy(() -> Planner.plan(pipeline)).isInstanceOf(StarfireException.class);
  }
}
