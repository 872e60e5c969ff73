package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import io.starfire.serving.query.model.GroupDimension;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.QueryGranularity;
import io.starfire.serving.query.model.SearchMatch;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.ValueOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads search queries, and what they look for. Stateless. */
final class SearchQueryParser {
  private static final int DEFAULT_LIMIT = 1000;
  private static final JsonFields.Bounds LIMIT = new JsonFields.Bounds(1, Integer.MAX_VALUE);
  private static final Set<String> KNOWN =
      Set.of("insensitive_contains", "contains", "fragment", "regex", "all");

  private SearchQueryParser() {}

  static SearchQuery parse(JsonFields fields) {
    HiddenColumns hidden = new HiddenColumns();
    return new SearchQuery(
        QueryParser.dataSource(fields),
        QueryParser.intervals(fields),
        fields.optional("granularity") == null
            ? QueryGranularity.of(Granularity.ALL)
            : GranularityParser.parse(fields),
        dimensions(fields, hidden),
        match(fields.required("query"), "query"),
        order(fields),
        (int) fields.whole("limit", LIMIT, DEFAULT_LIMIT),
        QueryParser.filter(fields),
        QueryParser.context(fields),
        hidden.with(VirtualColumnParser.parse(fields)));
  }

  private static List<GroupDimension> dimensions(JsonFields fields, HiddenColumns hidden) {
    List<GroupDimension> dimensions = new ArrayList<>();
    for (JsonNode node : fields.list("searchDimensions")) {
      dimensions.add(
          DimensionParser.one(node, "searchDimensions[" + dimensions.size() + "]", hidden));
    }
    return dimensions;
  }

  private static ValueOrder order(JsonFields fields) {
    JsonNode node = fields.optional("sort");
    if (node == null) {
      return ValueOrder.LEXICOGRAPHIC;
    }
    JsonFields sort = new JsonFields(node, "sort");
    ValueOrder order =
        sort.optional("type") == null
            ? ValueOrder.LEXICOGRAPHIC
            : ValueOrder.named(sort.text("type"), "sort.type");
    sort.rejectUnknown("sort");
    return order;
  }

  /** What a search query or a search filter looks for. */
  static SearchMatch match(JsonNode node, String path) {
    JsonFields fields = new JsonFields(node, path);
    String type = fields.text("type");
    SearchMatch match =
        switch (type) {
          case "insensitive_contains" ->
              new SearchMatch.Fragments(List.of(fields.text("value")), false);
          case "contains" ->
              new SearchMatch.Fragments(List.of(fields.text("value")), caseSensitive(fields));
          case "fragment" -> new SearchMatch.Fragments(fragments(fields), caseSensitive(fields));
          case "regex" -> new SearchMatch.Regex(fields.text("pattern"));
          case "all" -> new SearchMatch.All();
          default -> throw QueryParser.unknownType(fields.pathOf("type"), type, KNOWN, Set.of());
        };
    fields.rejectUnknown("a query of type " + type);
    return match;
  }

  private static List<String> fragments(JsonFields fields) {
    List<String> fragments = new ArrayList<>();
    for (JsonNode fragment : fields.list("values")) {
      fragments.add(JsonFields.text(fragment, fields.pathOf("values")));
    }
    if (fragments.isEmpty()) {
      throw QueryChecks.invalid(
          "%s must name at least one text, got none", fields.pathOf("values"));
    }
    return fragments;
  }

  private static boolean caseSensitive(JsonFields fields) {
    return fields.flag(fields.has("caseSensitive") ? "caseSensitive" : "case_sensitive");
  }
}
