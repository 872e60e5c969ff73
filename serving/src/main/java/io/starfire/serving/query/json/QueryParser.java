package io.starfire.serving.query.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.model.DataSource;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.model.TopNQuery;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads queries in Druid's native JSON. What Druid has and this version does not is refused as
 * UNSUPPORTED; what Druid does not have either, a field that is not known included, as
 * INVALID_INPUT: a query is never answered as if a part of it had not been there. Thread-safe.
 */
public final class QueryParser {
  // Stricter than Json, which reads what Starfire wrote itself: a field given twice is refused.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final Set<String> KNOWN_QUERIES =
      Set.of(
          "timeseries",
          "groupBy",
          "topN",
          "scan",
          "search",
          "timeBoundary",
          "segmentMetadata",
          "dataSourceMetadata");
  private static final Set<String> QUERIES_OF_DRUID = Set.of("windowOperator");

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

  private static Query parse(@Nullable JsonNode root) {
    if (root == null || root.isMissingNode()) {
      throw QueryChecks.invalid("the query is empty; send a JSON object");
    }
    return parse(new JsonFields(root, ""));
  }

  /** A query, or one that stands inside of another. */
  static Query parse(JsonFields fields) {
    String type = fields.text("queryType");
    Query query =
        switch (type) {
          case "timeseries" -> timeseries(fields);
          case "groupBy" -> groupBy(fields);
          case "topN" -> topN(fields);
          case "scan" -> ScanQueryParser.parse(fields);
          case "search" -> SearchQueryParser.parse(fields);
          case "timeBoundary" -> MetadataQueryParser.timeBoundary(fields);
          case "segmentMetadata" -> MetadataQueryParser.segmentMetadata(fields);
          case "dataSourceMetadata" -> MetadataQueryParser.dataSourceMetadata(fields);
          default -> throw unknownType("queryType", type, KNOWN_QUERIES, QUERIES_OF_DRUID);
        };
    fields.rejectUnknown("a " + type + " query");
    return query;
  }

  private static TimeseriesQuery timeseries(JsonFields fields) {
    HiddenColumns hidden = new HiddenColumns();
    return new TimeseriesQuery(
        dataSource(fields),
        intervals(fields),
        GranularityParser.parse(fields),
        filter(fields),
        AggregationParser.parse(fields, hidden),
        PostAggregationParser.parse(fields),
        fields.flag("descending"),
        limit(fields),
        context(fields),
        hidden.with(VirtualColumnParser.parse(fields)));
  }

  private static GroupByQuery groupBy(JsonFields fields) {
    HiddenColumns hidden = new HiddenColumns();
    return new GroupByQuery(
        dataSource(fields),
        intervals(fields),
        GranularityParser.parse(fields),
        DimensionParser.list(fields, hidden),
        filter(fields),
        AggregationParser.parse(fields, hidden),
        PostAggregationParser.parse(fields),
        HavingParser.parse(fields),
        LimitSpecParser.parse(fields),
        context(fields),
        hidden.with(VirtualColumnParser.parse(fields)),
        subtotals(fields));
  }

  private static List<List<String>> subtotals(JsonFields fields) {
    List<List<String>> subtotals = new ArrayList<>();
    for (JsonNode subtotal : fields.list("subtotalsSpec")) {
      String path = "subtotalsSpec[" + subtotals.size() + "]";
      if (!subtotal.isArray()) {
        throw QueryChecks.invalid(
            "%s must be a list of names, got %s", path, JsonFields.describe(subtotal));
      }
      List<String> names = new ArrayList<>();
      subtotal.forEach(name -> names.add(JsonFields.text(name, path)));
      subtotals.add(names);
    }
    return subtotals;
  }

  private static TopNQuery topN(JsonFields fields) {
    HiddenColumns hidden = new HiddenColumns();
    fields.required("threshold");
    return new TopNQuery(
        dataSource(fields),
        intervals(fields),
        GranularityParser.parse(fields),
        DimensionParser.one(fields.required("dimension"), "dimension", hidden),
        TopNMetricParser.parse(fields),
        (int) fields.whole("threshold", new JsonFields.Bounds(1, Integer.MAX_VALUE), 1),
        filter(fields),
        AggregationParser.parse(fields, hidden),
        PostAggregationParser.parse(fields),
        context(fields),
        hidden.with(VirtualColumnParser.parse(fields)));
  }

  static DataSource dataSource(JsonFields fields) {
    return DataSourceParser.parse(fields);
  }

  static List<Interval> intervals(JsonFields fields) {
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

  static @Nullable Filter filter(JsonFields fields) {
    JsonNode node = fields.optional("filter");
    return node == null ? null : FilterParser.parse(node, "filter");
  }

  private static int limit(JsonFields fields) {
    return (int) fields.whole("limit", new JsonFields.Bounds(0, Integer.MAX_VALUE), 0);
  }

  static QueryContext context(JsonFields fields) {
    JsonNode node = fields.optional("context");
    if (node == null) {
      return QueryContext.EMPTY;
    }
    if (!node.isObject()) {
      throw QueryChecks.invalid("context must be a JSON object, got %s", JsonFields.describe(node));
    }
    return new QueryContext(MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {}));
  }

  static StarfireException unknownType(
      String path, String type, Set<String> known, Set<String> ofDruid) {
    String there = String.join(", ", new TreeSet<>(known));
    if (type.equals("javascript") && ofDruid.contains(type)) {
      throw new StarfireException(
          ErrorCode.SWITCHED_OFF,
          "%s: JavaScript is switched off, as it is in Druid; use an expression, or one of %s"
              .formatted(path, there));
    }
    return ofDruid.contains(type)
        ? QueryChecks.unsupported(
            "%s '%s' is not supported in this version; use one of %s", path, type, there)
        : QueryChecks.invalid(
            "%s '%s' is not known; use one of %s%s",
            path, type, there, JsonFields.suggestion(type, new TreeSet<>(known)));
  }
}
