package io.starfire.testkit;

import io.starfire.api.DataSource;
import io.starfire.api.Enhance;
import io.starfire.api.Enhancement;
import io.starfire.api.Stream;
import io.starfire.api.Tumbling;
import io.starfire.event.EventType;
import io.starfire.event.FieldType;
import io.starfire.event.Row;
import io.starfire.event.RowSchema;
import io.starfire.segment.sketch.SketchLibrary;
import java.util.Map;
import java.util.function.Function;

/** Things as rows. The sums and the keys of groups are rows too. */
final class ThingRows implements ThingForm<Row> {
  static final String FIELDS =
      "id string?, at instant, left string?, right string?, number long, flag boolean";

  /** The same for pipelines that take the schema from the configuration. */
  static final Map<String, String> CONFIG = Map.of("starfire.schemas.things.fields", FIELDS);

  private static final RowSchema TALLIES =
      RowSchema.parse("tallies", "number long, things long, least string?");
  private static final RowSchema KEYS = RowSchema.parse("keys", "key string");

  private final RowSchema schema;

  ThingRows() {
    this(RowSchema.parse("things", FIELDS));
  }

  /**
   * @param schema of the {@link #FIELDS}, wherever it comes from
   */
  ThingRows(RowSchema schema) {
    this.schema = schema;
  }

  @Override
  public EventType<Row> type() {
    return schema;
  }

  @Override
  public Thing thing(Row row) {
    return new Thing(
        row.string("id"),
        row.instant("at"),
        row.string("left"),
        row.optional("right", String.class).orElse(null),
        row.longValue("number"),
        row.booleanValue("flag"));
  }

  @Override
  public Row of(Thing thing) {
    return schema
        .row()
        .set("id", thing.id())
        .set("at", thing.at())
        .set("left", thing.left())
        .set("right", thing.right())
        .set("number", thing.number())
        .set("flag", thing.flag())
        .build();
  }

  /** By a schema that has other fields in another order on the way. */
  @Override
  public Stream<Row> enhance(Stream<Row> stream, Enhancement steps) {
    return stream
        .enhance(
            steps
                .with("half", FieldType.DOUBLE.optional(), row -> row.longValue("number") / 2.0)
                .cast("number", FieldType.STRING)
                .with("was", FieldType.BOOLEAN, row -> row.booleanValue("flag"))
                .drop("flag"))
        .enhance(
            schema,
            Enhance.steps()
                .cast("number", FieldType.LONG)
                .castOrNull("half", FieldType.LONG)
                .with("flag", FieldType.BOOLEAN, row -> row.booleanValue("was")));
  }

  @Override
  public Stream<Row> tally(
      Stream<Row> stream, String name, Function<Row, String> key, Tumbling windows) {
    return stream
        .groupBy(name, KEYS, row -> key(key.apply(row)))
        .tumbling(windows)
        .aggregate(
            TALLIES,
            row(Tally.NOTHING),
            (tally, row) -> row(tally(tally).with(thing(row))),
            (one, other) -> row(tally(one).plus(tally(other))))
        .emit(
            schema,
            (keyRow, window, tally) ->
                of(Tally.toThing(keyRow.string("key"), window, tally(tally))));
  }

  @Override
  public Stream<Row> inOrder(
      Stream<Row> stream, String name, Function<Row, String> key, Tumbling windows) {
    return stream
        .groupBy(name, KEYS, row -> key(key.apply(row)))
        .tumbling(windows)
        .collect(
            schema,
            (keyRow, window, rows) ->
                of(
                    RandomPipeline.inOrder(
                        keyRow.string("key"), window, rows.stream().map(this::thing).toList())));
  }

  @Override
  public DataSource<Row> withMetrics(DataSource<Row> dataSource) {
    DataSource<Row> summed = dataSource.longSum("sum", "number");
    return SketchLibrary.isMissing() ? summed : summed.hllSketch("lefts", "left");
  }

  private static Row key(String key) {
    return key == null ? null : KEYS.row().set("key", key).build();
  }

  private static Row row(Tally tally) {
    return TALLIES
        .row()
        .set("number", tally.number())
        .set("things", tally.things())
        .set("least", tally.least())
        .build();
  }

  private static Tally tally(Row row) {
    return new Tally(row.longValue("number"), row.longValue("things"), row.string("least"));
  }
}
