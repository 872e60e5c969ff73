package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.aggregate.Aggregators;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.query.model.Aggregation;
import io.starfire.serving.query.model.AggregationKind;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.VirtualColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the aggregations of a query. Stateless. */
final class AggregationParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> OF_DRUID =
      Set.of(
          "approxHistogram",
          "approxHistogramFold",
          "fixedBucketsHistogram",
          "javascript",
          "histogram",
          "arrayOfDoublesSketch",
          "variance",
          "varianceFold");

  private AggregationParser() {}

  /** The field {@code aggregations}; empty if it is absent. */
  static List<Aggregation> parse(JsonFields fields, HiddenColumns hidden) {
    List<Aggregation> aggregations = new ArrayList<>();
    for (JsonNode node : fields.list("aggregations")) {
      aggregations.add(parse(node, "aggregations[" + aggregations.size() + "]", null, hidden, 0));
    }
    return aggregations;
  }

  /**
   * Reads one.
   *
   * @param outerName that of the filtered aggregation that it is in; null if there is none
   */
  private static Aggregation parse(
      JsonNode node, String path, @Nullable String outerName, HiddenColumns hidden, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid("%s: aggregations are nested deeper than %d", path, MAX_DEPTH);
    }
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    String name = name(fields, outerName);
    Aggregation parsed =
        type.equals("filtered")
            ? filtered(fields, name, hidden, depth)
            : plain(fields, type, name, hidden);
    fields.rejectUnknown("a " + type + " aggregation");
    return parsed;
  }

  private static @Nullable String name(JsonFields fields, @Nullable String outerName) {
    String own = fields.optional("name") == null ? null : fields.text("name");
    return outerName == null || outerName.isEmpty() ? own : outerName;
  }

  private static Aggregation filtered(
      JsonFields fields, @Nullable String name, HiddenColumns hidden, int depth) {
    Filter filter = FilterParser.parse(fields.required("filter"), fields.pathOf("filter"));
    Aggregation inner =
        parse(fields.required("aggregator"), fields.pathOf("aggregator"), name, hidden, depth + 1);
    return inner.filtered(filter);
  }

  private static Aggregation plain(
      JsonFields fields, String type, @Nullable String name, HiddenColumns hidden) {
    AggregationKind kind =
        Aggregators.named(type.endsWith("Any") ? last(type) : type)
            .orElseThrow(
                () -> QueryParser.unknownType(fields.pathOf("type"), type, known(), OF_DRUID));
    if (name == null) {
      throw QueryChecks.invalid("%s is missing", fields.pathOf("name"));
    }
    String fieldName = null;
    if (kind.readsColumn()) {
      fieldName = input(fields, hidden);
    } else {
      // Druid's Python client names one always. Rows are counted, whatever it is.
      fields.ignore("fieldName");
    }
    boolean any = type.endsWith("Any");
    if (any) {
      fields.ignore("aggregateMultipleValues");
    }
    Map<String, Object> settings = new HashMap<>();
    for (AggregationKind.Setting setting : kind.settings()) {
      // Any value is taken by the time of its row, whatever other times there are.
      boolean isTaken = !(any && setting.form() == AggregationKind.Form.COLUMN);
      if (isTaken && setting.form() != AggregationKind.Form.OF_QUERY) {
        Object value = setting(fields, setting, hidden);
        if (value != null) {
          settings.put(setting.name(), value);
        }
      }
    }
    return Aggregators.checked(new Aggregation(kind, name, fieldName, null, settings));
  }

  /** A setting as the aggregation has it; null if it is absent. */
  private static @Nullable Object setting(
      JsonFields fields, AggregationKind.Setting setting, HiddenColumns hidden) {
    if (setting.form() == AggregationKind.Form.COLUMNS) {
      return columns(fields, setting.name(), hidden);
    }
    JsonNode value = fields.optional(setting.name());
    if (value == null) {
      return null;
    }
    return switch (setting.form()) {
      case COLUMN, TEXT -> fields.text(setting.name());
      case WHOLE -> number(fields, setting.name());
      case FLAG -> fields.flag(setting.name());
      case OF_SKETCH -> ofSketch(value);
      case TEXTS -> fields.list(setting.name()).stream().map(JsonNode::asText).toList();
      case NAMES -> names(fields, setting.name());
      case COLUMNS, OF_QUERY -> throw new IllegalStateException("read elsewhere");
    };
  }

  private static Object ofSketch(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    return value.isBoolean() ? (Object) value.booleanValue() : value.asText();
  }

  /** The columns of names or dimensions; Druid has an older name of the setting, too. */
  private static List<String> columns(JsonFields fields, String name, HiddenColumns hidden) {
    List<String> columns = new ArrayList<>();
    for (String spelling : List.of(name, "fieldNames")) {
      for (JsonNode node : fields.list(spelling)) {
        String path = fields.pathOf(spelling) + "[" + columns.size() + "]";
        columns.add(DimensionParser.one(node, path, hidden).column());
      }
    }
    return columns;
  }

  private static List<String> names(JsonFields fields, String name) {
    List<String> names = new ArrayList<>();
    for (JsonNode node : fields.list(name)) {
      names.add(JsonFields.text(node, fields.pathOf(name) + "[" + names.size() + "]"));
    }
    return names;
  }

  /** Any value will do: the last one is the same each time. */
  private static String last(String any) {
    return any.substring(0, any.length() - "Any".length()) + "Last";
  }

  /** The column that is read: one of the data source, or one that an expression makes. */
  private static @Nullable String input(JsonFields fields, HiddenColumns hidden) {
    String fieldName = optionalText(fields, "fieldName");
    if (fields.optional("expression") == null) {
      return fieldName;
    }
    if (fieldName != null) {
      throw QueryChecks.invalid(
          "%s and %s exclude each other; name one",
          fields.pathOf("fieldName"), fields.pathOf("expression"));
    }
    Expression expression = VirtualColumnParser.expression(fields);
    return hidden.add(
        "expression " + expression.text(),
        own -> new VirtualColumn.Expressed(own, expression, null));
  }

  private static @Nullable String optionalText(JsonFields fields, String name) {
    return fields.optional(name) == null ? null : fields.text(name);
  }

  private static Object number(JsonFields fields, String name) {
    JsonNode node = fields.required(name);
    if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 1) {
      throw QueryChecks.invalid(
          "%s must be a whole number above 0, got %s",
          fields.pathOf(name), JsonFields.describe(node));
    }
    return node.intValue();
  }

  private static Set<String> known() {
    Set<String> names = new TreeSet<>(Aggregators.names());
    names.addAll(Set.of("filtered", "longAny", "doubleAny", "floatAny", "stringAny"));
    return names;
  }
}
