package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.ColumnType;
import io.starfire.segment.sketch.SketchLibrary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random queries, as JSON, over the columns and the time of some data. */
final class OracleQueries {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> ZONES =
      List.of("UTC", "America/Los_Angeles", "Asia/Kolkata", "+02:00");
  private static final List<String> SHORT_NAMES =
      List.of("second", "minute", "five_minute", "ten_minute");
  private static final List<String> NAMES =
      List.of(
          "all",
          "none",
          "fifteen_minute",
          "thirty_minute",
          "hour",
          "six_hour",
          "eight_hour",
          "day",
          "week",
          "month",
          "quarter",
          "year");

  /** Outputs of the query at hand that are sketches. */
  private final Set<String> sketches = new HashSet<>();

  private final Random random;
  private final OracleSchema stored;
  private final Interval span;

  /** With the virtual columns of the query that is being made. */
  private OracleSchema schema;

  private OracleFilterQueries filters;

  OracleQueries(Random random, OracleData data) {
    this(random, data.schema(), data.span());
  }

  OracleQueries(Random random, OracleSchema stored, Interval span) {
    this.random = random;
    this.stored = stored;
    this.schema = stored;
    this.span = span;
    this.filters = new OracleFilterQueries(random, schema.columns(), span);
  }

  /** A timeseries or a groupBy. */
  ObjectNode query() {
    return random.nextBoolean() ? timeseries() : groupBy();
  }

  private ObjectNode timeseries() {
    ObjectNode query = base("timeseries");
    query.set("granularity", granularity(query));
    putAggregations(query);
    if (random.nextBoolean()) {
      query.put("descending", random.nextBoolean());
    }
    if (random.nextInt(3) == 0) {
      query.put("limit", 1 + random.nextInt(4));
    }
    ObjectNode context = query.putObject("context");
    if (random.nextBoolean()) {
      context.put("skipEmptyBuckets", random.nextBoolean());
    }
    if (random.nextInt(3) == 0) {
      context.put("grandTotal", true);
    }
    if (random.nextInt(5) == 0) {
      context.put("timestampResultField", "at");
    }
    return query;
  }

  private ObjectNode groupBy() {
    ObjectNode query = base("groupBy");
    query.set("granularity", granularity(query));
    ArrayNode dimensions = query.putArray("dimensions");
    List<OracleSchema.Column> outputs = new ArrayList<>();
    for (OracleSchema.Column column : schema.columns()) {
      if (random.nextInt(4) == 0) {
        dimensions.add(dimension(column, outputs));
      }
    }
    putAggregations(query);
    if (!dimensions.isEmpty() && random.nextInt(3) == 0) {
      putGrouping(query);
    }
    outputs.addAll(computed(query));
    boolean parts = random.nextInt(5) == 0;
    if (parts) {
      putSubtotals(query);
    } else if (random.nextInt(2) == 0) {
      query.set("having", having(2, outputs));
    }
    if (random.nextInt(2) == 0) {
      query.set("limitSpec", limitSpec(outputs));
    }
    ObjectNode context = query.putObject("context");
    if (!parts && random.nextInt(5) == 0) {
      context.put("resultAsArray", true);
    }
    if (parts && random.nextBoolean()) {
      context.put("grandTotal", true);
    }
    if (random.nextInt(5) == 0) {
      context.put("sortByDimsFirst", true);
    }
    return query;
  }

  /** The dimensions in an order of their own. */
  private void putGrouping(ObjectNode query) {
    List<String> names = new ArrayList<>();
    query.get("dimensions").forEach(dimension -> names.add(Oracle.outputName(dimension)));
    Collections.shuffle(names, random);
    ArrayNode groupings =
        ((ArrayNode) query.get("aggregations"))
            .addObject()
            .put("type", "grouping")
            .put("name", "grouped")
            .putArray("groupings");
    names.forEach(groupings::add);
  }

  private void putSubtotals(ObjectNode query) {
    ArrayNode subtotals = query.putArray("subtotalsSpec");
    for (int i = random.nextInt(4); i > 0; i--) {
      ArrayNode names = subtotals.addArray();
      for (JsonNode dimension : query.get("dimensions")) {
        if (random.nextBoolean()) {
          names.add(Oracle.outputName(dimension));
        }
      }
    }
  }

  /** Type, data source, intervals and, now and then, a filter. */
  ObjectNode base(String type) {
    ObjectNode query = JSON.objectNode().put("queryType", type).put("dataSource", "ads");
    ArrayNode intervals = query.putArray("intervals");
    for (int i = random.nextInt(3); i >= 0; i--) {
      long start = span.startMillis() + random.nextLong(span.lengthMillis()) - 1_800_000;
      long end = start + 1 + random.nextLong(span.lengthMillis());
      intervals.add(new Interval(start, end).toString());
    }
    List<OracleSchema.Column> columns = new ArrayList<>(stored.columns());
    if (random.nextInt(3) == 0) {
      columns.addAll(new OracleExpressionTexts(random, stored.columns()).addTo(query));
    }
    schema = new OracleSchema(columns, stored.rollup());
    filters = new OracleFilterQueries(random, columns, span);
    if (random.nextInt(4) != 0) {
      query.set("filter", filters.filter(3));
    }
    return query;
  }

  /** The columns of the query that was made last, its virtual ones included. */
  List<OracleSchema.Column> columns() {
    return schema.columns();
  }

  /** With short buckets only where there are not too many of them. */
  JsonNode granularity(JsonNode query) {
    boolean brief =
        Oracle.intervals(query).stream().mapToLong(Interval::lengthMillis).sum() < 7_200_000;
    if (brief && random.nextBoolean()) {
      return TextNode.valueOf(one(SHORT_NAMES));
    }
    if (random.nextBoolean()) {
      return TextNode.valueOf(one(NAMES));
    }
    ObjectNode granularity = JSON.objectNode();
    if (random.nextInt(3) == 0) {
      granularity.put("type", "duration").put("duration", 60_000L * (10 + random.nextInt(300)));
    } else {
      granularity.put("type", "period");
      granularity.put(
          "period",
          one(List.of("P1D", "P1W", "P1M", "P3M", "P1Y", "PT1H", "PT15M", "PT6H", "PT90M", "P2D")));
      if (random.nextInt(4) != 0) {
        granularity.put("timeZone", one(ZONES));
      }
    }
    if (random.nextInt(4) == 0) {
      long origin =
          span.startMillis() / 60_000 * 60_000 + 60_000L * (random.nextInt(8_000) - 4_000);
      granularity.put("origin", Times.format(origin));
    }
    return granularity;
  }

  /** Adds what comes out to {@code outputs}. */
  JsonNode dimension(OracleSchema.Column column, List<OracleSchema.Column> outputs) {
    boolean text = column.type() == ColumnType.STRING;
    if (random.nextInt(3) == 0) {
      outputs.add(new OracleSchema.Column(column.name(), OracleSchema.Content.TEXT, null));
      return TextNode.valueOf(column.name());
    }
    String type = text ? "STRING" : one(List.of("STRING", "LONG", "DOUBLE"));
    OracleSchema.Content content =
        type.equals("STRING")
            ? OracleSchema.Content.TEXT
            : type.equals("LONG") ? OracleSchema.Content.BIG : OracleSchema.Content.WILD;
    outputs.add(new OracleSchema.Column("by " + column.name(), content, null));
    ObjectNode dimension = JSON.objectNode().put("type", "default");
    return dimension
        .put("dimension", column.name())
        .put("outputName", "by " + column.name())
        .put("outputType", type);
  }

  /** The aggregations and post-aggregations of a query as columns of its result. */
  List<OracleSchema.Column> computed(JsonNode query) {
    List<OracleSchema.Column> computed = new ArrayList<>();
    for (JsonNode aggregation : query.path("aggregations")) {
      JsonNode inner = aggregation;
      while (inner.has("aggregator")) {
        inner = inner.get("aggregator");
      }
      String type = inner.get("type").asText();
      OracleSchema.Content content =
          type.startsWith("string")
              ? OracleSchema.Content.TEXT
              : type.matches("count|long.*|grouping|expression")
                  ? OracleSchema.Content.BIG
                  : isWhole(inner) ? OracleSchema.Content.BIG : OracleSchema.Content.WILD;
      computed.add(new OracleSchema.Column(OracleAggregates.name(aggregation), content, null));
    }
    for (JsonNode post : query.path("postAggregations")) {
      computed.add(
          new OracleSchema.Column(post.get("name").asText(), OracleSchema.Content.WILD, null));
    }
    return computed;
  }

  /** Whether the result of a sketch is a whole number. */
  private static boolean isWhole(JsonNode sketch) {
    return sketch.path("round").asBoolean(false)
        || sketch.get("type").asText().equals("quantilesDoublesSketch");
  }

  void putAggregations(ObjectNode query) {
    sketches.clear();
    ArrayNode aggregations = query.putArray("aggregations");
    for (int i = random.nextInt(5); i > 0; i--) {
      aggregations.add(aggregation("out" + i, 2));
    }
    List<String> numbers = new ArrayList<>();
    for (OracleSchema.Column column : computed(query)) {
      if (column.type() != ColumnType.STRING) {
        numbers.add(column.name());
      }
    }
    if (random.nextInt(2) == 0) {
      ArrayNode posts = query.putArray("postAggregations");
      for (int i = random.nextInt(2); i >= 0; i--) {
        posts.add(arithmetic(2, numbers).put("name", "post" + i));
        numbers.add("post" + i);
      }
    }
  }

  private ObjectNode arithmetic(int depth, List<String> numbers) {
    ObjectNode node = JSON.objectNode().put("type", "arithmetic");
    node.put("fn", one(List.of("+", "-", "*", "/", "quotient", "pow")));
    if (random.nextInt(3) == 0) {
      node.put("ordering", "numericFirst");
    }
    ArrayNode fields = node.putArray("fields");
    for (int i = 1 + random.nextInt(2); i >= 0; i--) {
      fields.add(operand(depth, numbers));
    }
    return node;
  }

  private ObjectNode operand(int depth, List<String> numbers) {
    if (depth > 0 && random.nextInt(4) == 0) {
      return arithmetic(depth - 1, numbers);
    }
    if (numbers.isEmpty() || random.nextInt(3) == 0) {
      ObjectNode constant = JSON.objectNode().put("type", "constant");
      return random.nextBoolean()
          ? constant.put("value", random.nextInt(5) - 1)
          : constant.put("value", random.nextInt(9) / 4.0);
    }
    String read = one(numbers);
    boolean finalizes = sketches.contains(read) || random.nextBoolean();
    return JSON.objectNode()
        .put("type", finalizes ? "finalizingFieldAccess" : "fieldAccess")
        .put("fieldName", read);
  }

  private ObjectNode aggregation(String name, int depth) {
    if (depth > 0 && random.nextInt(4) == 0) {
      ObjectNode filtered = JSON.objectNode().put("type", "filtered");
      filtered.set("filter", filters.filter(2));
      ObjectNode inner = aggregation(name, depth - 1);
      if (random.nextBoolean()) {
        inner.put("name", "inner");
        filtered.put("name", name);
      }
      filtered.set("aggregator", inner);
      return filtered;
    }
    if (random.nextInt(6) == 0) {
      return JSON.objectNode().put("type", "count").put("name", name);
    }
    OracleSchema.Column column = anyColumn();
    if (column.type() != ColumnType.DOUBLE && random.nextInt(8) == 0) {
      return OracleFolds.random(random, column, name);
    }
    if (random.nextInt(5) == 0 && !SketchLibrary.isMissing()) {
      sketches.add(name);
      return sketch(column).put("name", name);
    }
    ObjectNode node = JSON.objectNode().put("type", kind(column)).put("name", name);
    node.put("fieldName", column.name());
    if (column.content() == OracleSchema.Content.BIG
        && node.get("type").asText().startsWith("long")
        && random.nextInt(4) == 0) {
      node.remove("fieldName");
      String quoted = column.name().replace("\"", "\\\"");
      node.put("expression", "(\"" + quoted + "\" - 3)");
    }
    if (node.get("type").asText().matches(".*(First|Last)") && random.nextInt(3) == 0) {
      List<String> times = new ArrayList<>(List.of("__time"));
      schema.columns().stream()
          .filter(one -> one.type() == ColumnType.LONG)
          .forEach(one -> times.add(one.name()));
      node.put("timeColumn", one(times));
    }
    if (node.get("type").asText().startsWith("string") && random.nextInt(3) == 0) {
      node.put("maxStringBytes", 1 + random.nextInt(4));
    }
    return node;
  }

  private ObjectNode sketch(OracleSchema.Column column) {
    List<String> kinds =
        new ArrayList<>(List.of("HLLSketchBuild", "thetaSketch", "hyperUnique", "cardinality"));
    if (column.type() != ColumnType.STRING) {
      kinds.add("quantilesDoublesSketch");
    }
    ObjectNode node = JSON.objectNode().put("type", one(kinds)).put("fieldName", column.name());
    switch (node.get("type").asText()) {
      case "cardinality" -> node.putArray("fields").add(column.name()).add(anyColumn().name());
      case "HLLSketchBuild" -> {
        node.put("lgK", 4 + random.nextInt(12));
        node.put("tgtHllType", one(List.of("HLL_4", "HLL_6", "HLL_8")));
        node.put("stringEncoding", one(List.of("utf8", "utf16le")));
      }
      default -> {
        // Nothing to choose.
      }
    }
    if (node.get("type").asText().matches("HLL.*|hyperUnique|cardinality")
        && random.nextBoolean()) {
      node.put("round", true);
    }
    return node;
  }

  private OracleSchema.Column anyColumn() {
    int at = random.nextInt(schema.columns().size() + 1);
    return at < schema.columns().size()
        ? schema.columns().get(at)
        : new OracleSchema.Column("absent", OracleSchema.Content.SMALL, null);
  }

  /** Sums of doubles only where they are exact in any order. */
  private String kind(OracleSchema.Column column) {
    List<String> kinds =
        switch (column.content()) {
          case TEXT, TEXTS -> List.of("stringFirst", "stringLast");
          case BIG ->
              List.of(
                  "longSum",
                  "longMin",
                  "longMax",
                  "doubleMin",
                  "doubleMax",
                  "longFirst",
                  "longLast",
                  "doubleFirst",
                  "floatLast");
          case SMALL, REAL, WILD ->
              List.of(
                  "longSum",
                  "longMin",
                  "longMax",
                  "doubleSum",
                  "doubleMin",
                  "doubleMax",
                  "doubleMean",
                  "longFirst",
                  "longLast",
                  "doubleFirst",
                  "doubleLast",
                  "floatSum",
                  "floatMin",
                  "floatMax",
                  "floatFirst",
                  "floatLast");
        };
    return one(kinds);
  }

  private ObjectNode having(int depth, List<OracleSchema.Column> outputs) {
    int kind = random.nextInt(depth == 0 ? 6 : 9);
    List<String> numbers =
        outputs.stream()
            .filter(column -> column.type() != ColumnType.STRING)
            .map(OracleSchema.Column::name)
            .toList();
    if (kind < 3 && !numbers.isEmpty()) {
      return JSON.objectNode()
          .put("type", one(List.of("greaterThan", "lessThan", "equalTo")))
          .put("aggregation", one(numbers))
          .put("value", random.nextInt(3) == 0 ? 2.5 : random.nextInt(30) - 5);
    }
    if (kind < 5 && !outputs.isEmpty()) {
      String output = outputs.get(random.nextInt(outputs.size())).name();
      if (kind == 3) {
        return JSON.objectNode()
            .put("type", "dimSelector")
            .put("dimension", output)
            .put("value", random.nextInt(3) == 0 ? null : one(List.of("a", "1", "2.5", "")));
      }
      ObjectNode filter = JSON.objectNode().put("type", "filter");
      filter.set("filter", outputFilter(output));
      return filter;
    }
    if (kind < 6) {
      return JSON.objectNode().put("type", random.nextBoolean() ? "always" : "never");
    }
    if (kind == 6) {
      ObjectNode not = JSON.objectNode().put("type", "not");
      not.set("havingSpec", having(depth - 1, outputs));
      return not;
    }
    ObjectNode several = JSON.objectNode().put("type", kind == 7 ? "and" : "or");
    ArrayNode specs = several.putArray("havingSpecs");
    for (int i = random.nextInt(2); i >= 0; i--) {
      specs.add(having(depth - 1, outputs));
    }
    return several;
  }

  private ObjectNode outputFilter(String output) {
    return switch (random.nextInt(3)) {
      case 0 ->
          JSON.objectNode().put("type", "like").put("dimension", output).put("pattern", "%1%");
      case 1 -> JSON.objectNode().put("type", "null").put("column", output);
      default -> JSON.objectNode().put("type", "bound").put("dimension", output).put("lower", "1");
    };
  }

  private ObjectNode limitSpec(List<OracleSchema.Column> outputs) {
    ObjectNode spec = JSON.objectNode().put("type", "default");
    if (random.nextInt(4) != 0) {
      spec.put("limit", 1 + random.nextInt(8));
    }
    if (random.nextInt(3) == 0) {
      spec.put("offset", random.nextInt(5));
    }
    ArrayNode columns = spec.putArray("columns");
    for (int i = random.nextInt(3); i > 0 && !outputs.isEmpty(); i--) {
      String output = outputs.get(random.nextInt(outputs.size())).name();
      if (random.nextInt(4) == 0) {
        columns.add(output);
      } else {
        ObjectNode column = columns.addObject().put("dimension", output);
        column.put("direction", one(List.of("ascending", "descending")));
        column.put(
            "dimensionOrder", one(List.of("lexicographic", "alphanumeric", "strlen", "numeric")));
      }
    }
    return spec;
  }

  private String one(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }
}
