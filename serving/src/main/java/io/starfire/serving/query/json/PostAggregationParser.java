package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.compute.OutputCalculation;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.PostAggregation;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the post-aggregations of a query. Stateless. */
final class PostAggregationParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> PLAIN =
      Set.of(
          "arithmetic",
          "fieldAccess",
          "finalizingFieldAccess",
          "constant",
          "expression",
          "longGreatest",
          "longLeast",
          "doubleGreatest",
          "doubleLeast");

  private static final Set<String> OF_DRUID =
      Set.of(
          "javascript", "stddev", "min", "max", "quantile", "quantiles", "buckets", "equalBuckets");

  private PostAggregationParser() {}

  /** The field {@code postAggregations}; empty if it is absent. */
  static List<PostAggregation> parse(JsonFields fields) {
    List<PostAggregation> found = new ArrayList<>();
    for (JsonNode node : fields.list("postAggregations")) {
      String path = fields.pathOf("postAggregations") + "[" + found.size() + "]";
      PostAggregation one = parse(node, path, 0);
      if (one.name().isEmpty()) {
        throw QueryChecks.invalid("%s.name is missing", path);
      }
      found.add(one);
    }
    return found;
  }

  private static PostAggregation parse(JsonNode node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid("%s: post-aggregations are nested deeper than %d", path, MAX_DEPTH);
    }
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    String name = fields.optional("name") == null ? "" : fields.text("name");
    PostAggregation parsed =
        switch (type) {
          case "arithmetic" -> arithmetic(fields, name, depth);
          case "fieldAccess", "finalizingFieldAccess" -> {
            String fieldName = fields.text("fieldName");
            yield new PostAggregation.FieldAccess(
                fields.optional("name") == null ? fieldName : name,
                fieldName,
                type.equals("finalizingFieldAccess"));
          }
          case "longGreatest", "longLeast", "doubleGreatest", "doubleLeast" ->
              new PostAggregation.Extreme(
                  name,
                  type.startsWith("long") ? ColumnType.LONG : ColumnType.DOUBLE,
                  type.endsWith("Greatest"),
                  children(fields, depth));
          case "expression" -> {
            Expression expression = VirtualColumnParser.expression(fields);
            fields.ignore("outputType");
            yield new PostAggregation.Expressed(
                name, expression, new OutputCalculation(expression), numericFirst(fields));
          }
          case "constant" -> new PostAggregation.Constant(name, number(fields));
          default -> {
            if (!SketchPostParser.KNOWN.contains(type)) {
              throw QueryParser.unknownType(fields.pathOf("type"), type, known(), OF_DRUID);
            }
            yield SketchPostParser.parse(fields, type, name, sketches(fields, depth));
          }
        };
    fields.rejectUnknown("a post-aggregation of type " + type);
    return parsed;
  }

  private static PostAggregation arithmetic(JsonFields fields, String name, int depth) {
    String fn = fields.text("fn");
    PostAggregation.Operator operator =
        Arrays.stream(PostAggregation.Operator.values())
            .filter(one -> one.jsonName().equals(fn))
            .findFirst()
            .orElseThrow(
                () ->
                    QueryChecks.invalid(
                        "%s '%s' is not known; use one of %s",
                        fields.pathOf("fn"),
                        fn,
                        Arrays.stream(PostAggregation.Operator.values())
                            .map(PostAggregation.Operator::jsonName)
                            .collect(Collectors.joining(", "))));
    List<PostAggregation> children = children(fields, depth);
    return new PostAggregation.Arithmetic(name, operator, children, numericFirst(fields));
  }

  private static Set<String> known() {
    Set<String> known = new TreeSet<>(PLAIN);
    known.addAll(SketchPostParser.KNOWN);
    return known;
  }

  /** What gives the sketches that are asked: one field, or several. */
  private static List<PostAggregation> sketches(JsonFields fields, int depth) {
    List<PostAggregation> children = children(fields, depth);
    JsonNode one = fields.optional("field");
    if (one != null) {
      children.add(parse(one, fields.pathOf("field"), depth + 1));
    }
    return children;
  }

  private static boolean numericFirst(JsonFields fields) {
    if (fields.optional("ordering") == null) {
      return false;
    }
    String ordering = fields.text("ordering");
    if (!ordering.equals("numericFirst")) {
      throw QueryChecks.invalid(
          "%s '%s' is not known; use numericFirst, or leave it out",
          fields.pathOf("ordering"), ordering);
    }
    return true;
  }

  private static List<PostAggregation> children(JsonFields fields, int depth) {
    List<PostAggregation> children = new ArrayList<>();
    for (JsonNode child : fields.list("fields")) {
      String path = fields.pathOf("fields") + "[" + children.size() + "]";
      children.add(parse(child, path, depth + 1));
    }
    return children;
  }

  private static Number number(JsonFields fields) {
    JsonNode value = fields.required("value");
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (!value.isNumber()) {
      throw QueryChecks.invalid(
          "%s must be a number, got %s", fields.pathOf("value"), JsonFields.describe(value));
    }
    return value.doubleValue();
  }
}
