package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.model.Filter;
import io.starfire.serving.query.model.Numbers;
import io.starfire.serving.query.model.QueryChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the field {@code having} of a groupBy query as a filter on the groups' outputs, so that
 * both follow the same logic: comparing a null is unknown, and a group is given if the whole is
 * true. Stateless.
 */
final class HavingParser {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> KNOWN =
      Set.of(
          "greaterThan",
          "lessThan",
          "equalTo",
          "dimSelector",
          "filter",
          "always",
          "never",
          "and",
          "or",
          "not");

  private HavingParser() {}

  /** Null if there is none. */
  static @Nullable Filter parse(JsonFields query) {
    JsonNode node = query.optional("having");
    return node == null ? null : parse(node, "having", 0);
  }

  private static Filter parse(JsonNode node, String path, int depth) {
    if (depth > MAX_DEPTH) {
      throw QueryChecks.invalid("%s: havings are nested deeper than %d", path, MAX_DEPTH);
    }
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    Filter having =
        switch (type) {
          case "greaterThan" -> compare(fields, true, false);
          case "lessThan" -> compare(fields, false, true);
          case "equalTo" -> compare(fields, true, true);
          case "dimSelector" -> dimSelector(fields);
          case "filter" -> FilterParser.parse(fields.required("filter"), fields.pathOf("filter"));
          case "always" -> new Filter.Constant(true);
          case "never" -> new Filter.Constant(false);
          case "and" -> new Filter.And(children(fields, "havingSpecs", depth));
          case "or" -> new Filter.Or(children(fields, "havingSpecs", depth));
          case "not" ->
              new Filter.Not(
                  parse(fields.required("havingSpec"), fields.pathOf("havingSpec"), depth + 1));
          default -> throw QueryParser.unknownType(fields.pathOf("type"), type, KNOWN, Set.of());
        };
    fields.rejectUnknown("a having of type " + type);
    return having;
  }

  /** With both ends, the number itself. */
  private static Filter compare(JsonFields fields, boolean lower, boolean upper) {
    String output = fields.text("aggregation");
    JsonNode value = fields.required("value");
    String number = JsonFields.scalar(value, fields.pathOf("value"));
    if (number == null || Numbers.decimal(number) == null) {
      throw QueryChecks.invalid(
          "%s must be a number, got %s", fields.pathOf("value"), JsonFields.describe(value));
    }
    boolean strict = lower != upper;
    return new Filter.Bound(
        output,
        lower ? number : null,
        upper ? number : null,
        strict,
        strict,
        Filter.Ordering.NUMERIC);
  }

  private static Filter dimSelector(JsonFields fields) {
    return FilterParser.extracted(
        fields, new Filter.Selector(fields.text("dimension"), fields.optionalScalar("value")));
  }

  private static List<Filter> children(JsonFields fields, String name, int depth) {
    List<Filter> children = new ArrayList<>();
    for (JsonNode child : fields.list(name)) {
      String path = fields.pathOf(name) + "[" + children.size() + "]";
      children.add(parse(child, path, depth + 1));
    }
    return children;
  }
}
