package io.starfire.serving.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads filters. Stateless. */
final class FilterParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> KNOWN = Set.of("selector", "in", "bound", "and", "or", "not");
  private static final Set<String> OF_DRUID =
      Set.of(
          "like",
          "regex",
          "search",
          "interval",
          "columnComparison",
          "expression",
          "javascript",
          "extraction",
          "spatial",
          "true",
          "false",
          "equals",
          "null",
          "range",
          "arrayContainsElement",
          "typedIn",
          "inType",
          "istrue",
          "isfalse");

  private FilterParser() {}

  static Filter parse(JsonNode node, String path) {
    return parse(node, path, 0);
  }

  private static Filter parse(JsonNode node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid("%s: filters are nested deeper than %d", path, MAX_DEPTH);
    }
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    Filter filter =
        switch (type) {
          case "selector" -> selector(fields);
          case "in" -> in(fields);
          case "bound" -> bound(fields);
          case "and" -> new Filter.And(children(fields, depth));
          case "or" -> new Filter.Or(children(fields, depth));
          case "not" ->
              new Filter.Not(parse(fields.required("field"), fields.pathOf("field"), depth + 1));
          default -> throw QueryParser.unknownType(fields.pathOf("type"), type, KNOWN, OF_DRUID);
        };
    fields.ignore("filterTuning");
    fields.rejectUnknown("a " + type + " filter");
    return filter;
  }

  private static Filter selector(JsonFields fields) {
    String dimension = fields.text("dimension");
    if (!fields.has("value")) {
      throw QueryChecks.invalid(
          "%s is missing; give a value, or null to ask for nulls", fields.pathOf("value"));
    }
    String value = fields.optionalScalar("value");
    fields.refuse("extractionFn");
    return new Filter.Selector(dimension, value);
  }

  private static Filter in(JsonFields fields) {
    String dimension = fields.text("dimension");
    if (fields.optional("values") == null) {
      throw QueryChecks.invalid("%s is missing", fields.pathOf("values"));
    }
    Set<String> values = new LinkedHashSet<>();
    for (JsonNode value : fields.list("values")) {
      values.add(JsonFields.scalar(value, fields.pathOf("values")));
    }
    fields.refuse("extractionFn");
    return new Filter.In(dimension, values);
  }

  private static Filter bound(JsonFields fields) {
    Filter bound =
        new Filter.Bound(
            fields.text("dimension"),
            fields.optionalScalar("lower"),
            fields.optionalScalar("upper"),
            fields.flag("lowerStrict"),
            fields.flag("upperStrict"),
            ordering(fields));
    fields.refuse("extractionFn", "alphaNumeric");
    return bound;
  }

  private static Filter.Ordering ordering(JsonFields fields) {
    if (fields.optional("ordering") == null) {
      return Filter.Ordering.LEXICOGRAPHIC;
    }
    String name = fields.text("ordering");
    for (Filter.Ordering ordering : Filter.Ordering.values()) {
      if (ordering.jsonName().equals(name)) {
        return ordering;
      }
    }
    throw QueryParser.unknownType(
        fields.pathOf("ordering"),
        name,
        Set.of("lexicographic", "numeric"),
        Set.of("alphanumeric", "strlen", "version", "natural"));
  }

  private static List<Filter> children(JsonFields fields, int depth) {
    List<Filter> children = new ArrayList<>();
    for (JsonNode child : fields.list("fields")) {
      String path = fields.pathOf("fields") + "[" + children.size() + "]";
      children.add(parse(child, path, depth + 1));
    }
    return children;
  }
}
