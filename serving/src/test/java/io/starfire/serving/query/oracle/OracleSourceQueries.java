package io.starfire.serving.query.oracle;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Interval;
import io.starfire.event.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random data sources over the columns of some table, and queries over these. */
final class OracleSourceQueries {
  static final Map<String, String> LOOKUP =
      new TreeMap<>(Map.of("a", "first", "b", "second", "10", "ten", "ä", "", "2.5", "first"));

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String[] KEYS = {"", "a", "b", "ab", "10", "9", "a10", "ä", "x\ny", null};

  private final Random random;
  private final OracleSchema table;
  private final Interval span;

  /** A data source with the columns that it has. */
  private record Source(ObjectNode json, List<OracleSchema.Column> columns) {}

  OracleSourceQueries(Random random, OracleData data) {
    this.random = random;
    this.table = data.schema();
    this.span = data.span();
  }

  /** One that names no column that is not there, which data sources other than tables refuse. */
  ObjectNode query() {
    ObjectNode query = any();
    while (query.toString().contains("\"absent\"")) {
      query = any();
    }
    return query;
  }

  private ObjectNode any() {
    Source source = source(2);
    OracleQueries queries =
        new OracleQueries(random, new OracleSchema(source.columns, table.rollup()), span);
    ObjectNode query = queries.query();
    query.set("dataSource", source.json);
    return query;
  }

  private Source source(int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 7)) {
      case 0 ->
          new Source(JSON.objectNode().put("type", "table").put("name", "ads"), table.columns());
      case 1 -> inline(true);
      case 2 -> union();
      case 3, 4 -> nested(depth);
      default -> join(depth);
    };
  }

  private Source union() {
    ObjectNode union = JSON.objectNode().put("type", "union");
    union.putArray("dataSources").add("ads").add("ads");
    return new Source(union, table.columns());
  }

  private Source inline(boolean timed) {
    ObjectNode inline = JSON.objectNode().put("type", "inline");
    ArrayNode names = inline.putArray("columnNames");
    ArrayNode types = inline.putArray("columnTypes");
    List<OracleSchema.Column> columns = new ArrayList<>();
    if (timed) {
      names.add("__time");
      types.add("LONG");
    }
    names.add("key").add("number").add("label");
    boolean numbers = !timed && random.nextInt(3) == 0;
    types.add(numbers ? "LONG" : "STRING").add("LONG").add("STRING");
    columns.add(
        new OracleSchema.Column(
            "key", numbers ? OracleSchema.Content.SMALL : OracleSchema.Content.TEXT, null));
    columns.add(new OracleSchema.Column("number", OracleSchema.Content.SMALL, null));
    columns.add(new OracleSchema.Column("label", OracleSchema.Content.TEXT, null));
    ArrayNode rows = inline.putArray("rows");
    for (int i = random.nextInt(12); i > 0; i--) {
      ArrayNode row = rows.addArray();
      if (timed) {
        row.add(span.startMillis() + random.nextLong(span.lengthMillis()));
      }
      if (numbers) {
        row.add(random.nextInt(12) - 3);
      } else {
        row.add(one(KEYS));
      }
      if (random.nextInt(5) == 0) {
        row.addNull();
      } else {
        row.add(random.nextInt(30) - 10);
      }
      row.add(one(KEYS));
    }
    return new Source(inline, columns);
  }

  private Source nested(int depth) {
    Source below = source(depth - 1);
    OracleQueries queries =
        new OracleQueries(random, new OracleSchema(below.columns, table.rollup()), span);
    ObjectNode query = queries.base("groupBy");
    query.set("dataSource", below.json);
    query.set("granularity", queries.granularity(query));
    ArrayNode dimensions = query.putArray("dimensions");
    List<OracleSchema.Column> outputs = new ArrayList<>();
    for (OracleSchema.Column column : queries.columns()) {
      if (random.nextInt(3) == 0) {
        dimensions.add(queries.dimension(column, outputs));
      }
    }
    queries.putAggregations(query);
    outputs.addAll(queries.computed(query));
    // Sums of what was computed with doubles depend on their order, and NaN is a text in JSON.
    outputs.removeIf(column -> column.type() == ColumnType.DOUBLE);
    // The outer query has virtual columns of these names, too.
    outputs.removeIf(column -> column.name().matches("v[0-9]"));
    // Nested values are texts there.
    outputs.removeIf(column -> column.name().equals(OracleSchema.NESTED));
    if (outputs.isEmpty()) {
      return below;
    }
    ObjectNode nested = JSON.objectNode().put("type", "query");
    nested.set("query", renamed(query, depth));
    List<OracleSchema.Column> columns = new ArrayList<>();
    for (OracleSchema.Column column : outputs) {
      columns.add(new OracleSchema.Column(renamed(column.name(), depth), column.content(), null));
    }
    return new Source(nested, columns);
  }

  /** Names of outputs are those of the outer query too, which may not have two of one name. */
  private static JsonNode renamed(JsonNode query, int depth) {
    try {
      return MAPPER.readTree(
          query
              .toString()
              .replaceAll("\"(out|post)([0-9])\"", "\"$1$2 of " + depth + "\"")
              // As a name in an expression.
              .replaceAll("\\\\\"(out[0-9])\\\\\"", "\\\\\"$1 of " + depth + "\\\\\""));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String renamed(String name, int depth) {
    return name.replaceAll("^((out|post)[0-9])$", "$1 of " + depth);
  }

  private Source join(int depth) {
    Source left = source(depth - 1);
    List<OracleSchema.Column> keys =
        left.columns.stream()
            .filter(column -> column.content() != OracleSchema.Content.TEXTS)
            .filter(column -> column.type() != ColumnType.DOUBLE)
            .toList();
    if (keys.isEmpty()) {
      return left;
    }
    Source right = random.nextInt(3) == 0 ? lookup() : inline(false);
    String prefix = "j" + depth + ".";
    String key = keys.get(random.nextInt(keys.size())).name().replace("\"", "\\\"");
    ObjectNode join = JSON.objectNode().put("type", "join").put("rightPrefix", prefix);
    join.set("left", left.json);
    join.set("right", right.json);
    join.put("condition", "\"%s\" == \"%s%s\"".formatted(key, prefix, right.columns.get(0).name()));
    join.put("joinType", random.nextBoolean() ? "INNER" : "LEFT");
    List<OracleSchema.Column> columns = new ArrayList<>(left.columns);
    right.columns.forEach(
        column ->
            columns.add(new OracleSchema.Column(prefix + column.name(), column.content(), null)));
    return new Source(join, columns);
  }

  private static Source lookup() {
    ObjectNode lookup = JSON.objectNode().put("type", "lookup").put("lookup", "words");
    return new Source(
        lookup,
        List.of(
            new OracleSchema.Column("k", OracleSchema.Content.TEXT, null),
            new OracleSchema.Column("v", OracleSchema.Content.TEXT, null)));
  }

  private String one(String[] values) {
    return values[random.nextInt(values.length)];
  }
}
