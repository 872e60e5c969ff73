package io.starfire.serving.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads queries in Druid's native JSON. What Druid has and this version does not is refused as
 * UNSUPPORTED; what Druid does not have either, a field that is not known included, as
 * INVALID_INPUT: a query is never answered as if a part of it had not been there. Thread-safe.
 */
public final class QueryParser {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> KNOWN_QUERIES = Set.of("timeseries", "groupBy");
  private static final Set<String> QUERIES_OF_DRUID =
      Set.of(
          "topN",
          "scan",
          "search",
          "segmentMetadata",
          "dataSourceMetadata",
          "timeBoundary",
          "windowOperator",
          "select");
  private static final Set<String> DATA_SOURCES_OF_DRUID =
      Set.of(
          "union",
          "query",
          "lookup",
          "inline",
          "join",
          "unnest",
          "filter",
          "globalTable",
          "restrict");
  private static final Set<String> AGGREGATIONS_OF_DRUID =
      Set.of(
          "floatSum",
          "floatMin",
          "floatMax",
          "longFirst",
          "longLast",
          "longAny",
          "doubleFirst",
          "doubleLast",
          "doubleAny",
          "floatFirst",
          "floatLast",
          "floatAny",
          "stringFirst",
          "stringLast",
          "stringAny",
          "doubleMean",
          "filtered",
          "grouping",
          "expression",
          "cardinality",
          "hyperUnique",
          "thetaSketch",
          "HLLSketchBuild",
          "HLLSketchMerge",
          "quantilesDoublesSketch",
          "approxHistogram",
          "approxHistogramFold",
          "fixedBucketsHistogram",
          "javascript",
          "histogram",
          "arrayOfDoublesSketch",
          "variance",
          "varianceFold");

  private QueryParser() {}

  /**
   * Reads a query.
   *
   * @throws StarfireException with INVALID_INPUT or UNSUPPORTED
   */
  public static Query parse(byte[] json) {
    try {
      return parse(MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw notJson(e);
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "reading from memory failed", e);
    }
  }

  /**
   * Reads to the end of the stream, which it does not close.
   *
   * @throws StarfireException with INVALID_INPUT or UNSUPPORTED; with UNAVAILABLE if the stream
   *     breaks off
   */
  public static Query parse(InputStream json) {
    try {
      return parse(json.readAllBytes());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE, "the query could not be read to its end: " + e.getMessage(), e);
    }
  }

  private static StarfireException notJson(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line %d, column %d"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the query is not JSON%s: %s"
            .formatted(where, e.getOriginalMessage().lines().findFirst().orElse("no reason given")),
        e);
  }

  private static Query parse(JsonNode root) {
    if (root == null || root.isMissingNode()) {
      throw QueryChecks.invalid("the query is empty; send a JSON object");
    }
    JsonFields fields = new JsonFields(root, "");
    String type = fields.text("queryType");
    Query query =
        switch (type) {
          case "timeseries" -> timeseries(fields);
          case "groupBy" -> groupBy(fields);
          default -> throw unknownType("queryType", type, KNOWN_QUERIES, QUERIES_OF_DRUID);
        };
    fields.rejectUnknown("a " + type + " query");
    return query;
  }

  private static TimeseriesQuery timeseries(JsonFields fields) {
    fields.refuse("virtualColumns", "postAggregations");
    return new TimeseriesQuery(
        dataSource(fields),
        intervals(fields),
        granularity(fields),
        filter(fields),
        aggregations(fields),
        fields.flag("descending"),
        limit(fields),
        context(fields));
  }

  private static GroupByQuery groupBy(JsonFields fields) {
    fields.refuse("virtualColumns", "postAggregations", "having", "limitSpec", "subtotalsSpec");
    return new GroupByQuery(
        dataSource(fields),
        intervals(fields),
        granularity(fields),
        dimensions(fields),
        filter(fields),
        aggregations(fields),
        context(fields));
  }

  private static String dataSource(JsonFields fields) {
    JsonNode node = fields.required("dataSource");
    if (node.isTextual()) {
      return node.textValue();
    }
    JsonFields typed = new JsonFields(node, "dataSource");
    String type = typed.text("type");
    if (!type.equals("table")) {
      throw unknownType("dataSource.type", type, Set.of("table"), DATA_SOURCES_OF_DRUID);
    }
    String name = typed.text("name");
    typed.rejectUnknown("a table data source");
    return name;
  }

  private static List<Interval> intervals(JsonFields fields) {
    JsonNode node = fields.required("intervals");
    if (node.isObject()) {
      JsonFields typed = new JsonFields(node, "intervals");
      String type = typed.text("type");
      if (!type.equals("intervals")) {
        throw unknownType("intervals.type", type, Set.of("intervals"), Set.of("segments"));
      }
      node = typed.required("intervals");
      typed.rejectUnknown("intervals");
    }
    List<Interval> intervals = new ArrayList<>();
    for (JsonNode one : node.isArray() ? node : List.of(node)) {
      intervals.add(Interval.parse(JsonFields.text(one, "intervals")));
    }
    return intervals;
  }

  private static Granularity granularity(JsonFields fields) {
    JsonNode node = fields.required("granularity");
    if (node.isObject()) {
      JsonFields typed = new JsonFields(node, "granularity");
      String type = typed.text("type");
      if (!type.equals("all") && !type.equals("none")) {
        throw unknownType(
            "granularity.type", type, Set.of("all", "none"), Set.of("duration", "period"));
      }
      typed.rejectUnknown("a granularity of type " + type);
      return Granularity.parse(type);
    }
    return Granularity.parse(JsonFields.text(node, "granularity"));
  }

  private static Filter filter(JsonFields fields) {
    JsonNode node = fields.optional("filter");
    return node == null ? null : FilterParser.parse(node, "filter");
  }

  private static int limit(JsonFields fields) {
    JsonNode node = fields.optional("limit");
    if (node == null) {
      return 0;
    }
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw QueryChecks.invalid("limit must be a whole number, got %s", JsonFields.describe(node));
    }
    return node.intValue();
  }

  private static QueryContext context(JsonFields fields) {
    JsonNode node = fields.optional("context");
    if (node == null) {
      return QueryContext.EMPTY;
    }
    if (!node.isObject()) {
      throw QueryChecks.invalid("context must be a JSON object, got %s", JsonFields.describe(node));
    }
    return new QueryContext(MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {}));
  }

  private static List<Aggregation> aggregations(JsonFields fields) {
    List<Aggregation> aggregations = new ArrayList<>();
    for (JsonNode node : fields.list("aggregations")) {
      String path = "aggregations[" + aggregations.size() + "]";
      JsonFields one = new JsonFields(node, path);
      String type = one.text("type");
      Aggregation.Kind kind =
          Aggregation.Kind.named(type)
              .orElseThrow(
                  () ->
                      unknownType(
                          path + ".type", type, knownAggregations(), AGGREGATIONS_OF_DRUID));
      one.refuse("expression");
      String name = one.text("name");
      String fieldName = one.optional("fieldName") == null ? null : one.text("fieldName");
      one.rejectUnknown("a " + type + " aggregation");
      aggregations.add(new Aggregation(kind, name, fieldName));
    }
    return aggregations;
  }

  private static Set<String> knownAggregations() {
    Set<String> names = new TreeSet<>();
    for (Aggregation.Kind kind : Aggregation.Kind.values()) {
      names.add(kind.jsonName());
    }
    return names;
  }

  private static List<GroupDimension> dimensions(JsonFields fields) {
    List<GroupDimension> dimensions = new ArrayList<>();
    for (JsonNode node : fields.list("dimensions")) {
      dimensions.add(dimension(node, "dimensions[" + dimensions.size() + "]"));
    }
    return dimensions;
  }

  private static GroupDimension dimension(JsonNode node, String path) {
    if (node.isTextual()) {
      return new GroupDimension(node.textValue(), node.textValue(), ColumnType.STRING);
    }
    JsonFields one = new JsonFields(node, path);
    String type = one.text("type");
    if (!type.equals("default")) {
      throw unknownType(
          path + ".type",
          type,
          Set.of("default"),
          Set.of("extraction", "listFiltered", "regexFiltered", "prefixFiltered", "lookup"));
    }
    String column = one.text("dimension");
    String output = one.optional("outputName") == null ? column : one.text("outputName");
    ColumnType outputType = outputType(one);
    one.rejectUnknown("a default dimension");
    return new GroupDimension(column, output, outputType);
  }

  private static ColumnType outputType(JsonFields fields) {
    if (fields.optional("outputType") == null) {
      return ColumnType.STRING;
    }
    String name = fields.text("outputType");
    for (ColumnType type : ColumnType.values()) {
      if (type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    throw unknownType(
        fields.pathOf("outputType"), name, Set.of("STRING", "LONG", "DOUBLE"), Set.of("FLOAT"));
  }

  static StarfireException unknownType(
      String path, String type, Set<String> known, Set<String> ofDruid) {
    String there = String.join(", ", new TreeSet<>(known));
    return ofDruid.contains(type)
        ? QueryChecks.unsupported(
            "%s '%s' is not supported in this version; use one of %s", path, type, there)
        : QueryChecks.invalid("%s '%s' is not known; use one of %s", path, type, there);
  }
}
