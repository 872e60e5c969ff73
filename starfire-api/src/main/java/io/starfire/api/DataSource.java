package io.starfire.api;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.EventType;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.event.RecordFields;
import io.starfire.event.SketchSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A sink: which columns of an event are stored, and how. Immutable; each method returns a changed
 * copy.
 *
 * <p>A dimension is a component of the record, or a field of the row. It is stored by the
 * component's type:
 *
 * <ul>
 *   <li>String, enum (its name), boolean ({@code true} or {@code false}) and Instant (ISO-8601
 *       text): a STRING column
 *   <li>a List of one of these: a STRING column with several values in a row, sorted
 *   <li>int and long: a LONG column
 *   <li>float and double: a DOUBLE column
 * </ul>
 *
 * <p>An {@code Optional} of one of these is stored as its value; an empty one is null. A metric is
 * a function of the event, or the name of a component.
 *
 * <p>Defaults: a segment covers an hour, times are cut to the minute, rollup is on.
 *
 * <p>Errors are INVALID_PIPELINE if a component does not exist, cannot be read or has another type,
 * or if the query granularity does not divide the segment granularity; they are INVALID_INPUT if a
 * name is malformed or used twice, if the segment granularity is {@code NONE}, or if the query
 * granularity alone is {@code ALL}.
 *
 * @param <T> type of the events
 */
public final class DataSource<T> {
  private final EventType<T> type;
  private final DataSourceSchema schema;
  private final List<Function<Object, Object>> dimensionReaders;
  private final List<Metric<T>> metricReaders;

  private DataSource(
      EventType<T> type,
      DataSourceSchema schema,
      List<Function<Object, Object>> dimensionReaders,
      List<Metric<T>> metricReaders) {
    this.type = type;
    this.schema = schema;
    this.dimensionReaders = List.copyOf(dimensionReaders);
    this.metricReaders = List.copyOf(metricReaders);
  }

  /**
   * A data source that has only the time column.
   *
   * @param name 1 to 128 letters, digits, {@code _} or {@code -}; the first is a letter or a digit
   */
  public static <T extends Record> DataSource<T> named(String name, Class<T> type) {
    return named(name, EventType.of(type));
  }

  /** The same for events of any type, such as rows of a schema. */
  public static <T> DataSource<T> named(String name, EventType<T> type) {
    return new DataSource<>(
        requireNonNull(type, "type"),
        new DataSourceSchema(
            name, List.of(), List.of(), Granularity.HOUR, Granularity.MINUTE, true),
        List.of(),
        List.of());
  }

  /**
   * Adds dimensions, by the names of the components. Rows are sorted by time, then by the
   * dimensions in the order in which they were added.
   */
  public DataSource<T> dimensions(String... names) {
    List<DimensionSpec> dimensions = new ArrayList<>(schema.dimensions());
    List<Function<Object, Object>> readers = new ArrayList<>(dimensionReaders);
    RecordFields fields = RecordFields.of(type);
    for (String name : names) {
      dimensions.add(new DimensionSpec(name, fields.columnType(name)));
      readers.add(fields.columnReader(name));
    }
    DataSourceSchema changed =
        new DataSourceSchema(
            schema.name(),
            dimensions,
            schema.metrics(),
            schema.segmentGranularity(),
            schema.queryGranularity(),
            schema.rollup());
    return new DataSource<>(type, changed, readers, metricReaders);
  }

  /** A metric that counts events. */
  public DataSource<T> count(String name) {
    return metric(name, Aggregation.COUNT, event -> 0L);
  }

  public DataSource<T> longSum(String name, ToLongFunction<? super T> value) {
    return metric(name, Aggregation.LONG_SUM, value::applyAsLong);
  }

  public DataSource<T> longMin(String name, ToLongFunction<? super T> value) {
    return metric(name, Aggregation.LONG_MIN, value::applyAsLong);
  }

  public DataSource<T> longMax(String name, ToLongFunction<? super T> value) {
    return metric(name, Aggregation.LONG_MAX, value::applyAsLong);
  }

  public DataSource<T> doubleSum(String name, ToDoubleFunction<? super T> value) {
    return metric(name, Aggregation.DOUBLE_SUM, bits(value));
  }

  public DataSource<T> doubleMin(String name, ToDoubleFunction<? super T> value) {
    return metric(name, Aggregation.DOUBLE_MIN, bits(value));
  }

  public DataSource<T> doubleMax(String name, ToDoubleFunction<? super T> value) {
    return metric(name, Aggregation.DOUBLE_MAX, bits(value));
  }

  /** The same of a component or field. A null adds nothing. */
  public DataSource<T> longSum(String name, String field) {
    return longMetric(name, Aggregation.LONG_SUM, field, true);
  }

  /** The same of a component or field. One that may be null is INVALID_PIPELINE. */
  public DataSource<T> longMin(String name, String field) {
    return longMetric(name, Aggregation.LONG_MIN, field, false);
  }

  /** The same of a component or field. One that may be null is INVALID_PIPELINE. */
  public DataSource<T> longMax(String name, String field) {
    return longMetric(name, Aggregation.LONG_MAX, field, false);
  }

  /** The same of a component or field. A null adds nothing. */
  public DataSource<T> doubleSum(String name, String field) {
    return doubleMetric(name, Aggregation.DOUBLE_SUM, field, true);
  }

  /** The same of a component or field. One that may be null is INVALID_PIPELINE. */
  public DataSource<T> doubleMin(String name, String field) {
    return doubleMetric(name, Aggregation.DOUBLE_MIN, field, false);
  }

  /** The same of a component or field. One that may be null is INVALID_PIPELINE. */
  public DataSource<T> doubleMax(String name, String field) {
    return doubleMetric(name, Aggregation.DOUBLE_MAX, field, false);
  }

  /**
   * A sketch of the distinct values that a function gives, to estimate how many they are, also over
   * many rows. A value is a text, a number, a boolean, an enum, an Instant, or a list of texts,
   * each of which counts; null counts nothing. An empty text counts nothing either.
   */
  public DataSource<T> hllSketch(String name, Function<? super T, ?> value) {
    return sketch(name, Aggregation.HLL_SKETCH_BUILD, Map.of(), distinct(value));
  }

  /** The same of a component or field. */
  public DataSource<T> hllSketch(String name, String field) {
    return sketch(name, Aggregation.HLL_SKETCH_BUILD, Map.of(), reader(field));
  }

  /**
   * The same with another size.
   *
   * @param lgK binary logarithm of the number of registers, 4 to 21; by default 12. One more halves
   *     the square of the error and doubles the bytes
   */
  public DataSource<T> hllSketch(String name, int lgK, Function<? super T, ?> value) {
    return sketch(
        name, Aggregation.HLL_SKETCH_BUILD, Map.of(SketchSettings.LG_K, lgK), distinct(value));
  }

  /** A sketch of distinct values that can also be intersected with others and subtracted. */
  public DataSource<T> thetaSketch(String name, Function<? super T, ?> value) {
    return sketch(name, Aggregation.THETA_SKETCH, Map.of(), distinct(value));
  }

  /** The same of a component or field. */
  public DataSource<T> thetaSketch(String name, String field) {
    return sketch(name, Aggregation.THETA_SKETCH, Map.of(), reader(field));
  }

  /**
   * The same with another size.
   *
   * @param size hashes that are kept at most, a power of two from 16 to 2^26; by default 16,384
   */
  public DataSource<T> thetaSketch(String name, int size, Function<? super T, ?> value) {
    return sketch(
        name, Aggregation.THETA_SKETCH, Map.of(SketchSettings.SIZE, size), distinct(value));
  }

  /** A sketch of all numbers that a function gives, to estimate quantiles, also over many rows. */
  public DataSource<T> quantilesSketch(String name, ToDoubleFunction<? super T> value) {
    return sketch(
        name, Aggregation.QUANTILES_DOUBLES_SKETCH, Map.of(), event -> value.applyAsDouble(event));
  }

  /** The same of a component or field, which is a number; null adds nothing. */
  public DataSource<T> quantilesSketch(String name, String field) {
    return sketch(
        name,
        Aggregation.QUANTILES_DOUBLES_SKETCH,
        Map.of(),
        RecordFields.of(type).numberReader(name, field)::apply);
  }

  /**
   * The same with another size.
   *
   * @param k a power of two from 2 to 32,768; by default 128. The larger, the more exact
   */
  public DataSource<T> quantilesSketch(String name, int k, ToDoubleFunction<? super T> value) {
    return sketch(
        name,
        Aggregation.QUANTILES_DOUBLES_SKETCH,
        Map.of(SketchSettings.K, k),
        event -> value.applyAsDouble(event));
  }

  private static <T> Function<T, @Nullable Object> distinct(Function<? super T, ?> value) {
    return event -> RecordFields.columnValue(value.apply(event));
  }

  private Function<T, @Nullable Object> reader(String field) {
    return RecordFields.of(type).columnReader(field)::apply;
  }

  private DataSource<T> longMetric(
      String name, Aggregation aggregation, String field, boolean nullIsZero) {
    return metric(
        name, aggregation, RecordFields.of(type).longMetric(name, field, nullIsZero)::applyAsLong);
  }

  private DataSource<T> doubleMetric(
      String name, Aggregation aggregation, String field, boolean nullIsZero) {
    return metric(
        name,
        aggregation,
        RecordFields.of(type).doubleMetric(name, field, nullIsZero)::applyAsLong);
  }

  /**
   * Sets the length of time that one segment covers. A batch run replaces whole buckets of this
   * length. Must not be {@code NONE} or {@code ALL}.
   */
  public DataSource<T> segmentGranularity(Granularity granularity) {
    return storedAs(granularity, schema.queryGranularity(), schema.rollup());
  }

  /** Sets the bucket to whose start event times are cut; it must divide the segment granularity. */
  public DataSource<T> queryGranularity(Granularity granularity) {
    return storedAs(schema.segmentGranularity(), granularity, schema.rollup());
  }

  /** Sets whether rows with the same cut time and the same dimensions become one row. */
  public DataSource<T> rollup(boolean rollup) {
    return storedAs(schema.segmentGranularity(), schema.queryGranularity(), rollup);
  }

  public DataSourceSchema schema() {
    return schema;
  }

  public EventType<T> type() {
    return type;
  }

  /**
   * Makes the row of an event. Thread-safe if the metric functions are.
   *
   * @param timeMillis event time, in milliseconds since the epoch
   */
  public DataRow toRow(T event, long timeMillis) {
    Object[] dimensions = new Object[dimensionReaders.size()];
    for (int i = 0; i < dimensions.length; i++) {
      dimensions[i] = dimensionReaders.get(i).apply(event);
    }
    long[] metrics = new long[metricReaders.size()];
    Object[] sketchInputs = null;
    for (int i = 0; i < metrics.length; i++) {
      Metric<T> reader = metricReaders.get(i);
      if (reader instanceof SketchMetric<T> sketch) {
        sketchInputs = sketchInputs == null ? new Object[metrics.length] : sketchInputs;
        sketchInputs[i] = sketch.value().apply(event);
      } else {
        metrics[i] = reader.bits(event);
      }
    }
    return new DataRow(timeMillis, dimensions, metrics, null, sketchInputs);
  }

  private DataSource<T> sketch(
      String name,
      Aggregation aggregation,
      Map<String, Object> settings,
      Function<T, @Nullable Object> value) {
    return metric(new MetricSpec(name, aggregation, settings), new SketchMetric<>(value));
  }

  private DataSource<T> metric(String name, Aggregation aggregation, Metric<T> reader) {
    return metric(new MetricSpec(name, aggregation), reader);
  }

  private DataSource<T> metric(MetricSpec metric, Metric<T> reader) {
    List<MetricSpec> metrics = new ArrayList<>(schema.metrics());
    metrics.add(metric);
    List<Metric<T>> readers = new ArrayList<>(metricReaders);
    readers.add(reader);
    DataSourceSchema changed =
        new DataSourceSchema(
            schema.name(),
            schema.dimensions(),
            metrics,
            schema.segmentGranularity(),
            schema.queryGranularity(),
            schema.rollup());
    return new DataSource<>(type, changed, dimensionReaders, readers);
  }

  private DataSource<T> storedAs(Granularity segment, Granularity query, boolean rollup) {
    if (segment != Granularity.ALL && !query.divides(segment)) {
      throw new StarfireException(
          ErrorCode.INVALID_PIPELINE,
          "data source '%s': queryGranularity %s does not divide segmentGranularity %s; set the"
                  .formatted(schema.name(), query.jsonName(), segment.jsonName())
              + " coarser one first");
    }
    DataSourceSchema changed =
        new DataSourceSchema(
            schema.name(), schema.dimensions(), schema.metrics(), segment, query, rollup);
    return new DataSource<>(type, changed, dimensionReaders, metricReaders);
  }

  private static <T> Metric<T> bits(ToDoubleFunction<? super T> value) {
    return event -> Double.doubleToRawLongBits(value.applyAsDouble(event));
  }

  /** Reads one metric input as a long, or as the raw bits of a double. */
  @FunctionalInterface
  private interface Metric<T> {
    long bits(T event);
  }

  /** Reads the input of a metric that is a sketch. */
  private record SketchMetric<T>(Function<T, @Nullable Object> value) implements Metric<T> {
    @Override
    public long bits(T event) {
      throw new IllegalStateException("the input of a sketch is no number");
    }
  }
}
