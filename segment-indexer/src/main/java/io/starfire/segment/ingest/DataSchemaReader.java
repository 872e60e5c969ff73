package io.starfire.segment.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.segment.ingest.RowSpec.MultiValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code dataSchema}. Used once. */
final class DataSchemaReader {
  private static final Map<String, String> PERIODS =
      Map.ofEntries(
          Map.entry("PT1S", "second"),
          Map.entry("PT1M", "minute"),
          Map.entry("PT5M", "five_minute"),
          Map.entry("PT10M", "ten_minute"),
          Map.entry("PT15M", "fifteen_minute"),
          Map.entry("PT30M", "thirty_minute"),
          Map.entry("PT1H", "hour"),
          Map.entry("PT6H", "six_hour"),
          Map.entry("PT8H", "eight_hour"),
          Map.entry("P1D", "day"),
          Map.entry("P1W", "week"),
          Map.entry("P1M", "month"),
          Map.entry("P3M", "quarter"),
          Map.entry("P1Y", "year"));

  private final SpecObject spec;
  private final RecordFormat format;
  private final IngestionSpec.Type type;
  private final List<DimensionSpec> dimensions = new ArrayList<>();
  private final List<MultiValues> multiValues = new ArrayList<>();
  private final List<Interval> intervals = new ArrayList<>();

  DataSchemaReader(SpecObject spec, RecordFormat format, IngestionSpec.Type type) {
    this.spec = spec;
    this.format = format;
    this.type = type;
  }

  RowSpec read() {
    String dataSource = spec.requiredText("dataSource");
    if (spec.has("parser")) {
      throw SpecObject.unsupported(
          "%s is not supported: write timestampSpec and dimensionsSpec in %s and inputFormat in ioConfig"
              .formatted(spec.pathOf("parser"), spec.path()));
    }
    TimestampSpec time = TimestampSpecs.read(spec.requiredObject("timestampSpec"));
    MetricReader metrics = new MetricReader(spec);
    Set<String> excluded = new HashSet<>();
    boolean discovers = readDimensions(spec.object("dimensionsSpec"), excluded);
    refuseTransforms();
    DataSourceSchema schema =
        readGranularity(dataSource, metrics.metrics(), spec.object("granularitySpec"));
    spec.unsupported("projections", "there are none");
    spec.refuseOthers();
    excluded.add(time.column());
    excluded.add(DataSourceSchema.TIME_COLUMN);
    metrics.fields().stream().filter(field -> field != null).forEach(excluded::add);
    metrics.metrics().forEach(metric -> excluded.add(metric.name()));
    return new RowSpec(
        schema,
        discovers ? Optional.of(new RowSpec.Discovery(excluded)) : Optional.empty(),
        time,
        format,
        metrics.fields(),
        multiValues);
  }

  /** To which rows have to belong. */
  List<Interval> intervals() {
    return intervals;
  }

  /** Returns whether further dimensions are discovered. */
  private boolean readDimensions(Optional<SpecObject> given, Set<String> excluded) {
    if (given.isEmpty()) {
      return true;
    }
    SpecObject dimensionsSpec = given.get();
    List<JsonNode> elements = dimensionsSpec.array("dimensions");
    for (int i = 0; i < elements.size(); i++) {
      JsonNode element = elements.get(i);
      if (element.isTextual()) {
        dimensions.add(new DimensionSpec(element.textValue(), ColumnType.STRING));
        multiValues.add(MultiValues.SORTED_ARRAY);
      } else {
        readDimension(dimensionsSpec.element("dimensions", i, element));
      }
    }
    excluded.addAll(dimensionsSpec.texts("dimensionExclusions"));
    dimensionsSpec.unsupported("spatialDimensions", "there are no spatial columns");
    if (dimensionsSpec.bool("useSchemaDiscovery", false)) {
      throw SpecObject.unsupported(
          "%s is not supported: discovered dimensions are strings; name the others with their types"
              .formatted(dimensionsSpec.pathOf("useSchemaDiscovery")));
    }
    if (!dimensionsSpec.bool("forceSegmentSortByTime", true)) {
      throw SpecObject.unsupported(
          "%s false is not supported: rows are sorted by time first"
              .formatted(dimensionsSpec.pathOf("forceSegmentSortByTime")));
    }
    boolean all = dimensionsSpec.bool("includeAllDimensions", false);
    dimensionsSpec.refuseOthers();
    for (DimensionSpec dimension : dimensions) {
      if (excluded.contains(dimension.name())) {
        throw SpecObject.invalid(
            "%s: '%s' is among the dimensions and excluded from them"
                .formatted(dimensionsSpec.pathOf("dimensionExclusions"), dimension.name()));
      }
    }
    return dimensions.isEmpty() || all;
  }

  private void readDimension(SpecObject dimension) {
    String name = dimension.requiredText("name");
    String typeName = dimension.text("type").orElse("string").toLowerCase(Locale.ROOT);
    boolean isJson = typeName.equals("json");
    ColumnType columnType =
        switch (typeName) {
          case "string", "json" -> ColumnType.STRING;
          case "long" -> ColumnType.LONG;
          case "double" -> ColumnType.DOUBLE;
          case "float" -> {
            dimension.warn("%s: float is stored as double".formatted(dimension.path()));
            yield ColumnType.DOUBLE;
          }
          case "auto", "spatial", "nested" ->
              throw SpecObject.unsupported(
                  "%s '%s' is not supported; use string, long, double, float or json"
                      .formatted(dimension.pathOf("type"), typeName));
          default ->
              throw dimension.notOneOf(
                  "type", typeName, List.of("string", "long", "double", "float", "json"));
        };
    String handling = dimension.text("multiValueHandling").orElse("SORTED_ARRAY");
    MultiValues values;
    try {
      values = MultiValues.valueOf(handling.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw dimension.notOneOf(
          "multiValueHandling", handling, List.of("SORTED_ARRAY", "SORTED_SET", "ARRAY"));
    }
    dimension.ignore(
        "the server itself decides which columns get a bitmap index", "createBitmapIndex");
    dimension.unsupported("keyColumnName", "there are no spatial or joined columns");
    dimension.refuseOthers();
    dimensions.add(new DimensionSpec(name, columnType, isJson));
    multiValues.add(values);
  }

  private void refuseTransforms() {
    Optional<SpecObject> transforms = spec.object("transformSpec");
    if (transforms.isPresent()) {
      String reason = "change the rows before they are sent, or write a pipeline";
      transforms.get().unsupported("filter", reason);
      transforms.get().unsupported("transforms", reason);
      transforms.get().refuseOthers();
    }
  }

  private DataSourceSchema readGranularity(
      String dataSource, List<MetricSpec> metrics, Optional<SpecObject> given) {
    Granularity segments = Granularity.DAY;
    Granularity queries = Granularity.NONE;
    boolean rollup = true;
    if (given.isPresent()) {
      SpecObject granularity = given.get();
      String kind = granularity.text("type").orElse("uniform");
      if (!kind.equals("uniform")) {
        throw SpecObject.unsupported(
            "%s '%s' is not supported; use uniform".formatted(granularity.pathOf("type"), kind));
      }
      segments = granularity(granularity, "segmentGranularity", segments);
      queries = granularity(granularity, "queryGranularity", queries);
      rollup = granularity.bool("rollup", true);
      readIntervals(granularity);
      granularity.refuseOthers();
    }
    try {
      return new DataSourceSchema(dataSource, dimensions, metrics, segments, queries, rollup);
    } catch (StarfireException e) {
      throw new StarfireException(e.code(), spec.path() + ": " + e.getMessage(), e);
    }
  }

  private void readIntervals(SpecObject granularity) {
    if (type == IngestionSpec.Type.KAFKA) {
      granularity.ignore("a supervisor takes rows of all times", "intervals");
      return;
    }
    for (String text : granularity.texts("intervals")) {
      try {
        intervals.add(Interval.parse(text));
      } catch (StarfireException e) {
        throw SpecObject.invalid(
            "%s: %s".formatted(granularity.pathOf("intervals"), e.getMessage()));
      }
    }
  }

  private static Granularity granularity(SpecObject spec, String field, Granularity absent) {
    JsonNode value = spec.raw(field);
    if (value == null) {
      return absent;
    }
    String name;
    if (value.isTextual()) {
      name = value.textValue();
    } else {
      SpecObject period = spec.object(field).orElseThrow();
      String kind = period.requiredText("type");
      if (!kind.equals("period")) {
        throw SpecObject.unsupported(
            "%s '%s' is not supported; use a name such as HOUR, or a period"
                .formatted(period.pathOf("type"), kind));
      }
      String zone = period.text("timeZone").orElse("UTC");
      if (!List.of("UTC", "Etc/UTC", "Z").contains(zone)) {
        throw SpecObject.unsupported(
            "%s '%s' is not supported: rows are stored by UTC; a query may have a time zone"
                .formatted(period.pathOf("timeZone"), zone));
      }
      period.unsupported("origin", "buckets start at the epoch");
      name = period.requiredText("period");
      period.refuseOthers();
    }
    try {
      return Granularity.parse(PERIODS.getOrDefault(name.toUpperCase(Locale.ROOT), name));
    } catch (StarfireException e) {
      throw SpecObject.invalid("%s: %s".formatted(spec.pathOf(field), e.getMessage()));
    }
  }
}
