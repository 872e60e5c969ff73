package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.Extraction;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.Numbers;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.VirtualColumn;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads filters. Stateless. */
final class FilterParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> KNOWN =
      Set.of(
          "selector",
          "in",
          "bound",
          "equals",
          "null",
          "range",
          "like",
          "regex",
          "search",
          "interval",
          "expression",
          "columnComparison",
          "extraction",
          "arrayContainsElement",
          "true",
          "false",
          "and",
          "or",
          "not",
          "istrue",
          "isfalse");
  private static final Set<String> OF_DRUID = Set.of("javascript", "spatial", "typedIn", "inType");

  private static final Set<String> MATCH_VALUE_TYPES = Set.of("STRING", "LONG", "DOUBLE", "FLOAT");
  private static final Set<String> ARRAY_TYPES =
      Set.of("ARRAY<STRING>", "ARRAY<LONG>", "ARRAY<DOUBLE>", "ARRAY<FLOAT>");

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
          case "equals" -> equalTo(fields);
          case "null" -> new Filter.Selector(fields.text("column"), null);
          case "range" -> range(fields);
          case "like" -> like(fields);
          case "regex" -> regex(fields);
          case "search" -> search(fields);
          case "interval" -> interval(fields);
          case "expression" -> expression(fields);
          case "columnComparison" -> columnComparison(fields);
          case "extraction" -> {
            fields.required("extractionFn");
            yield selector(fields);
          }
          case "arrayContainsElement" -> containsElement(fields);
          case "true" -> new Filter.Constant(true);
          case "false" -> new Filter.Constant(false);
          case "and" -> new Filter.And(children(fields, depth));
          case "or" -> new Filter.Or(children(fields, depth));
          case "not" ->
              new Filter.Not(parse(fields.required("field"), fields.pathOf("field"), depth + 1));
          case "istrue", "isfalse" ->
              new Filter.Is(
                  parse(fields.required("field"), fields.pathOf("field"), depth + 1),
                  type.equals("istrue"));
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
    return extracted(fields, new Filter.Selector(dimension, fields.optionalScalar("value")));
  }

  /** The filter on the dimension, or on what its extraction function makes of it. */
  static Filter extracted(JsonFields fields, Filter.OnColumn filter) {
    JsonNode function = fields.optional("extractionFn");
    return function == null
        ? filter
        : new Filter.Derived(
            extractedColumn(
                filter.dimension(),
                ExtractionParser.parse(function, fields.pathOf("extractionFn"))),
            filter);
  }

  private static VirtualColumn extractedColumn(String dimension, Extraction extraction) {
    return new VirtualColumn.Extracted("extraction of " + dimension, dimension, extraction);
  }

  /** True where the expression is true; unknown where it is null. */
  private static Filter expression(JsonFields fields) {
    Expression expression = VirtualColumnParser.expression(fields);
    String name = "expression " + expression.text();
    return new Filter.Derived(
        new VirtualColumn.Expressed(name, expression.asTruth(), null),
        new Filter.Selector(name, "1"));
  }

  private static Filter columnComparison(JsonFields fields) {
    List<Filter.ColumnComparison.Side> sides = new ArrayList<>();
    for (JsonNode node : fields.list("dimensions")) {
      HiddenColumns hidden = new HiddenColumns();
      String path = fields.pathOf("dimensions") + "[" + sides.size() + "]";
      String column = DimensionParser.one(node, path, hidden).column();
      VirtualColumn virtual = hidden.with(List.of()).named(column);
      if (virtual != null && hidden.with(List.of()).stored(List.of(column)).size() != 1) {
        throw QueryChecks.unsupported(
            "%s: a dimension inside of another is not supported here; use a virtual column", path);
      }
      sides.add(new Filter.ColumnComparison.Side(column, virtual));
    }
    return new Filter.ColumnComparison(sides);
  }

  private static Filter containsElement(JsonFields fields) {
    String column = fields.text("column");
    String type = matchValueType(fields, "elementMatchValueType");
    return new Filter.Selector(column, typed(fields, "elementMatchValue", type));
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
    return extracted(fields, new Filter.In(dimension, values));
  }

  private static Filter bound(JsonFields fields) {
    return extracted(
        fields,
        new Filter.Bound(
            fields.text("dimension"),
            fields.optionalScalar("lower"),
            fields.optionalScalar("upper"),
            fields.flag("lowerStrict"),
            fields.flag("upperStrict"),
            ordering(fields)));
  }

  private static Filter equalTo(JsonFields fields) {
    String column = fields.text("column");
    String type = matchValueType(fields, "matchValueType");
    String value = typed(fields, "matchValue", type);
    if (value == null) {
      throw QueryChecks.invalid(
          "%s is missing; to ask for nulls use a filter of type null", fields.pathOf("matchValue"));
    }
    return new Filter.Selector(column, value);
  }

  private static Filter range(JsonFields fields) {
    String column = fields.text("column");
    String type = matchValueType(fields, "matchValueType");
    String lower = typed(fields, "lower", type);
    String upper = typed(fields, "upper", type);
    return new Filter.Bound(
        column,
        lower,
        upper,
        fields.flag("lowerOpen"),
        fields.flag("upperOpen"),
        type.equals("STRING") ? Filter.Ordering.NATURAL : Filter.Ordering.NUMERIC);
  }

  private static String matchValueType(JsonFields fields, String name) {
    String type = fields.text(name).toUpperCase(Locale.ROOT);
    if (!MATCH_VALUE_TYPES.contains(type)) {
      throw QueryParser.unknownType(fields.pathOf(name), type, MATCH_VALUE_TYPES, ARRAY_TYPES);
    }
    return type;
  }

  /** The value as text of its type, or null if it is absent. */
  private static @Nullable String typed(JsonFields fields, String name, String type) {
    String text = fields.optionalScalar(name);
    if (text == null || type.equals("STRING")) {
      return text;
    }
    BigDecimal number = Numbers.decimal(text);
    boolean whole = number != null && number.stripTrailingZeros().scale() <= 0;
    if (number == null || (type.equals("LONG") && !whole)) {
      throw QueryChecks.invalid(
          "%s must be a number of type %s as matchValueType says, got '%s'",
          fields.pathOf(name), type, text);
    }
    return type.equals("LONG")
        ? number.toBigInteger().toString()
        : Double.toString(number.doubleValue());
  }

  private static Filter like(JsonFields fields) {
    String escape = fields.optional("escape") == null ? "" : fields.text("escape");
    if (escape.length() > 1) {
      throw QueryChecks.invalid(
          "%s must be one character, got '%s'", fields.pathOf("escape"), escape);
    }
    return extracted(
        fields,
        new Filter.Like(
            fields.text("dimension"),
            fields.text("pattern"),
            escape.isEmpty() ? null : escape.charAt(0)));
  }

  private static Filter regex(JsonFields fields) {
    return extracted(fields, new Filter.Regex(fields.text("dimension"), fields.text("pattern")));
  }

  private static Filter search(JsonFields fields) {
    return extracted(
        fields,
        new Filter.Search(
            fields.text("dimension"),
            SearchQueryParser.match(fields.required("query"), fields.pathOf("query"))));
  }

  /** Times in one of the intervals, ends exclusive. */
  private static Filter interval(JsonFields fields) {
    String dimension = fields.text("dimension");
    List<Filter> bounds = new ArrayList<>();
    for (JsonNode one : fields.list("intervals")) {
      Interval interval = Interval.parse(JsonFields.text(one, fields.pathOf("intervals")));
      bounds.add(
          extracted(
              fields,
              new Filter.Bound(
                  dimension,
                  Long.toString(interval.startMillis()),
                  Long.toString(interval.endMillis()),
                  false,
                  true,
                  Filter.Ordering.NUMERIC)));
    }
    if (bounds.isEmpty()) {
      throw QueryChecks.invalid(
          "%s must name at least one interval, got none", fields.pathOf("intervals"));
    }
    return bounds.size() == 1 ? bounds.get(0) : new Filter.Or(bounds);
  }

  /** Of a bound, whose older field {@code alphaNumeric} may say the same. */
  private static Filter.Ordering ordering(JsonFields fields) {
    boolean alphanumeric = fields.flag("alphaNumeric");
    fields.ignore("alphaNumeric");
    if (fields.optional("ordering") == null) {
      return alphanumeric ? Filter.Ordering.ALPHANUMERIC : Filter.Ordering.LEXICOGRAPHIC;
    }
    Filter.Ordering ordering = namedOrdering(fields);
    if (alphanumeric && ordering != Filter.Ordering.ALPHANUMERIC) {
      throw QueryChecks.invalid(
          "%s is true, but %s is %s; leave out alphaNumeric, which is the older of the two",
          fields.pathOf("alphaNumeric"), fields.pathOf("ordering"), ordering.jsonName());
    }
    return ordering;
  }

  private static Filter.Ordering namedOrdering(JsonFields fields) {
    String name = fields.text("ordering");
    for (Filter.Ordering ordering : Filter.Ordering.values()) {
      if (ordering.jsonName().equals(name)) {
        return ordering;
      }
    }
    throw QueryParser.unknownType(
        fields.pathOf("ordering"),
        name,
        Set.of("lexicographic", "numeric", "alphanumeric", "strlen", "natural"),
        Set.of("version"));
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
