package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reads scan queries. Stateless. */
final class ScanQueryParser {
  private static final JsonFields.Bounds FROM_ZERO = new JsonFields.Bounds(0, Long.MAX_VALUE);
  private static final JsonFields.Bounds BATCH = new JsonFields.Bounds(1, Integer.MAX_VALUE);

  private ScanQueryParser() {}

  static ScanQuery parse(JsonFields fields) {
    fields.refuse("orderBy");
    if (fields.flag("legacy")) {
      throw QueryChecks.unsupported(
          "legacy scans are not supported in this version; leave legacy out");
    }
    // Types that Druid's planner notes for itself; a division of time, which rows do not have.
    fields.ignore("columnTypes", "granularity");
    return new ScanQuery(
        QueryParser.dataSource(fields),
        QueryParser.intervals(fields),
        columns(fields),
        QueryParser.filter(fields),
        format(fields),
        (int) fields.whole("batchSize", BATCH, ScanQuery.DEFAULT_BATCH_SIZE),
        fields.whole("offset", FROM_ZERO, 0),
        fields.whole("limit", FROM_ZERO, 0),
        order(fields),
        QueryParser.context(fields),
        new VirtualColumns(VirtualColumnParser.parse(fields), List.of()));
  }

  private static List<String> columns(JsonFields fields) {
    List<String> columns = new ArrayList<>();
    for (JsonNode name : fields.list("columns")) {
      columns.add(JsonFields.text(name, "columns[" + columns.size() + "]"));
    }
    return columns;
  }

  private static ScanQuery.Format format(JsonFields fields) {
    if (fields.optional("resultFormat") == null) {
      return ScanQuery.Format.LIST;
    }
    String name = fields.text("resultFormat");
    return switch (name) {
      case "list" -> ScanQuery.Format.LIST;
      case "compactedList" -> ScanQuery.Format.COMPACTED_LIST;
      default ->
          throw QueryParser.unknownType(
              "resultFormat", name, Set.of("list", "compactedList"), Set.of("valueVector"));
    };
  }

  private static ScanQuery.Order order(JsonFields fields) {
    if (fields.optional("order") == null) {
      return ScanQuery.Order.NONE;
    }
    String name = fields.text("order");
    for (ScanQuery.Order order : ScanQuery.Order.values()) {
      if (order.name().toLowerCase(Locale.ROOT).equalsIgnoreCase(name)) {
        return order;
      }
    }
    throw QueryChecks.invalid("order '%s' is not known; use ascending, descending or none", name);
  }
}
