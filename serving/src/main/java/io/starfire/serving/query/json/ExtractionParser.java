package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.model.Extraction;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.QueryGranularity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads extraction functions. Stateless. */
final class ExtractionParser {
  private static final int MAX_DEPTH = 100;
  private static final JsonFields.Bounds FROM_ZERO = new JsonFields.Bounds(0, Integer.MAX_VALUE);
  private static final JsonFields.Bounds FROM_ONE = new JsonFields.Bounds(1, Integer.MAX_VALUE);
  private static final Set<String> KNOWN =
      Set.of(
          "bucket",
          "cascade",
          "identity",
          "lookup",
          "lower",
          "partial",
          "regex",
          "registeredLookup",
          "searchQuery",
          "stringFormat",
          "strlen",
          "substring",
          "time",
          "timeFormat",
          "upper");
  private static final Set<String> OF_DRUID = Set.of("javascript");

  private ExtractionParser() {}

  static Extraction parse(JsonNode node, String path) {
    return parse(node, path, 0);
  }

  private static Extraction parse(JsonNode node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid(
          "%s: extraction functions are nested deeper than %d", path, MAX_DEPTH);
    }
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    Extraction extraction =
        switch (type) {
          case "bucket" ->
              new Extraction.Bucket(fields.decimal("size", 1), fields.decimal("offset", 0));
          case "cascade" -> cascade(fields, depth);
          case "identity" -> new Extraction.Identity();
          case "lookup" -> lookup(fields);
          case "lower", "upper" -> new Extraction.Letters(type.equals("upper"), locale(fields));
          case "partial" -> new Extraction.Partial(fields.text("expr"));
          case "regex" ->
              new Extraction.Regex(
                  fields.text("expr"),
                  (int) fields.whole("index", FROM_ZERO, 1),
                  fields.flag("replaceMissingValue"),
                  optionalText(fields, "replaceMissingValueWith"));
          case "registeredLookup" -> {
            fields.ignore("injective", "optimize");
            yield registered(fields, fields.text("lookup"));
          }
          case "searchQuery" ->
              new Extraction.Searched(
                  SearchQueryParser.match(fields.required("query"), fields.pathOf("query")));
          case "stringFormat" -> stringFormat(fields);
          case "strlen" -> new Extraction.Strlen();
          case "substring" ->
              new Extraction.Substring(
                  (int) fields.whole("index", FROM_ZERO, 0),
                  fields.optional("length") == null
                      ? null
                      : (Integer) (int) fields.whole("length", FROM_ONE, 1));
          case "time" -> time(fields);
          case "timeFormat" -> timeFormat(fields);
          default -> throw QueryParser.unknownType(fields.pathOf("type"), type, KNOWN, OF_DRUID);
        };
    fields.rejectUnknown("an extraction function of type " + type);
    return extraction;
  }

  private static @Nullable String optionalText(JsonFields fields, String name) {
    return fields.optional(name) == null ? null : fields.text(name);
  }

  private static Locale locale(JsonFields fields) {
    String name = optionalText(fields, "locale");
    return name == null ? Locale.ROOT : Locale.forLanguageTag(name.replace('_', '-'));
  }

  private static Extraction cascade(JsonFields fields, int depth) {
    List<Extraction> steps = new ArrayList<>();
    for (JsonNode node : fields.list("extractionFns")) {
      String path = fields.pathOf("extractionFns") + "[" + steps.size() + "]";
      steps.add(parse(node, path, depth + 1));
    }
    if (steps.isEmpty()) {
      throw QueryChecks.invalid(
          "%s must have at least one function, got none", fields.pathOf("extractionFns"));
    }
    return new Extraction.Cascade(steps);
  }

  /**
   * Of a dimension of type lookup: the name of a registered lookup, or a map that the query holds.
   */
  static Extraction ofDimension(JsonFields fields) {
    if (fields.optional("name") == null) {
      return lookup(fields);
    }
    fields.ignore("injective", "optimize");
    return registered(fields, fields.text("name"));
  }

  private static Extraction.Registered registered(JsonFields fields, String lookup) {
    return new Extraction.Registered(
        lookup, fields.flag("retainMissingValue"), optionalText(fields, "replaceMissingValueWith"));
  }

  /** A map that the query itself holds. */
  static Extraction.Lookup lookup(JsonFields fields) {
    fields.ignore("injective", "optimize");
    JsonNode node = fields.required("lookup");
    if (node.isTextual()) {
      throw QueryChecks.invalid(
          "%s is a name; for a registered lookup use the type registeredLookup, or write the map"
              + " into the query as {\"type\": \"map\", \"map\": {...}}",
          fields.pathOf("lookup"));
    }
    JsonFields lookup = new JsonFields(node, fields.pathOf("lookup"));
    String type = lookup.text("type");
    if (!type.equals("map")) {
      throw QueryParser.unknownType(lookup.pathOf("type"), type, Set.of("map"), Set.of("loading"));
    }
    lookup.ignore("isOneToOne");
    JsonNode map = lookup.required("map");
    if (!map.isObject()) {
      throw QueryChecks.invalid(
          "%s must be a JSON object, got %s", lookup.pathOf("map"), JsonFields.describe(map));
    }
    Map<String, String> values = new LinkedHashMap<>();
    map.properties()
        .forEach(
            one -> {
              String value = JsonFields.scalar(one.getValue(), lookup.pathOf("map"));
              if (value != null) {
                values.put(one.getKey(), value);
              }
            });
    lookup.rejectUnknown("a lookup of type map");
    return new Extraction.Lookup(
        values, fields.flag("retainMissingValue"), optionalText(fields, "replaceMissingValueWith"));
  }

  private static Extraction stringFormat(JsonFields fields) {
    String handling = optionalText(fields, "nullHandling");
    String ofNull =
        switch (handling == null ? "nullString" : handling) {
          case "nullString" -> "null";
          case "emptyString" -> "";
          case "returnNull" -> null;
          default ->
              throw QueryChecks.invalid(
                  "%s '%s' is not known; use one of nullString, emptyString, returnNull",
                  fields.pathOf("nullHandling"), handling);
        };
    return new Extraction.StringFormat(fields.text("format"), ofNull);
  }

  private static Extraction time(JsonFields fields) {
    fields.ignore("joda");
    return new Extraction.TimeParse(fields.text("timeFormat"), fields.text("resultFormat"));
  }

  private static Extraction timeFormat(JsonFields fields) {
    Locale locale = fields.optional("locale") == null ? Locale.ENGLISH : locale(fields);
    QueryGranularity granularity =
        fields.optional("granularity") == null ? null : GranularityParser.parse(fields);
    return new Extraction.TimeFormat(
        optionalText(fields, "format"),
        GranularityParser.zone(fields),
        locale,
        granularity,
        fields.flag("asMillis"));
  }
}
