package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import io.starfire.serving.query.model.DataSourceMetadataQuery;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.model.TimeBoundaryQuery;
import io.starfire.serving.query.model.VirtualColumns;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the queries about what a data source holds. Stateless. */
final class MetadataQueryParser {
  private MetadataQueryParser() {}

  static TimeBoundaryQuery timeBoundary(JsonFields fields) {
    fields.ignore("granularity");
    return new TimeBoundaryQuery(
        QueryParser.dataSource(fields),
        intervals(fields),
        bound(fields),
        QueryParser.filter(fields),
        QueryParser.context(fields),
        new VirtualColumns(VirtualColumnParser.parse(fields), List.of()));
  }

  private static TimeBoundaryQuery.@Nullable Bound bound(JsonFields fields) {
    if (fields.optional("bound") == null) {
      return null;
    }
    String name = fields.text("bound");
    for (TimeBoundaryQuery.Bound bound : TimeBoundaryQuery.Bound.values()) {
      if (bound.jsonName().equalsIgnoreCase(name)) {
        return bound;
      }
    }
    throw QueryChecks.invalid(
        "bound '%s' is not known; use minTime or maxTime, or leave it out for both", name);
  }

  static DataSourceMetadataQuery dataSourceMetadata(JsonFields fields) {
    fields.ignore("granularity");
    return new DataSourceMetadataQuery(QueryParser.dataSource(fields), QueryParser.context(fields));
  }

  static SegmentMetadataQuery segmentMetadata(JsonFields fields) {
    // Says how a query without intervals came to have them, and changes nothing.
    fields.ignore("usingDefaultInterval", "granularity");
    return new SegmentMetadataQuery(
        QueryParser.dataSource(fields),
        intervals(fields),
        toInclude(fields),
        fields.flag("merge"),
        analyses(fields),
        aggregatorMerge(fields),
        QueryParser.context(fields));
  }

  private static List<Interval> intervals(JsonFields fields) {
    return fields.optional("intervals") == null
        ? List.of(Interval.ETERNITY)
        : QueryParser.intervals(fields);
  }

  /** Null for all. */
  private static @Nullable Set<String> toInclude(JsonFields fields) {
    JsonNode node = fields.optional("toInclude");
    if (node == null) {
      return null;
    }
    JsonFields spec = new JsonFields(node, "toInclude");
    String type = spec.text("type");
    Set<String> columns =
        switch (type) {
          case "all" -> null;
          case "none" -> Set.of();
          case "list" -> {
            Set<String> names = new LinkedHashSet<>();
            for (JsonNode name : spec.list("columns")) {
              names.add(JsonFields.text(name, "toInclude.columns"));
            }
            yield names;
          }
          default ->
              throw QueryParser.unknownType(
                  "toInclude.type", type, Set.of("all", "none", "list"), Set.of());
        };
    spec.rejectUnknown("toInclude of type " + type);
    return columns;
  }

  private static Set<SegmentMetadataQuery.Analysis> analyses(JsonFields fields) {
    if (fields.optional("analysisTypes") == null) {
      return SegmentMetadataQuery.DEFAULT_ANALYSES;
    }
    Set<SegmentMetadataQuery.Analysis> analyses =
        EnumSet.noneOf(SegmentMetadataQuery.Analysis.class);
    for (JsonNode name : fields.list("analysisTypes")) {
      analyses.add(
          SegmentMetadataQuery.Analysis.named(
              JsonFields.text(name, "analysisTypes"), "analysisTypes"));
    }
    return analyses;
  }

  private static SegmentMetadataQuery.AggregatorMerge aggregatorMerge(JsonFields fields) {
    boolean lenient = fields.flag("lenientAggregatorMerge");
    if (fields.optional("aggregatorMergeStrategy") == null) {
      return lenient
          ? SegmentMetadataQuery.AggregatorMerge.LENIENT
          : SegmentMetadataQuery.AggregatorMerge.STRICT;
    }
    if (lenient) {
      throw QueryChecks.invalid(
          "lenientAggregatorMerge and aggregatorMergeStrategy say the same; use the latter alone");
    }
    return SegmentMetadataQuery.AggregatorMerge.named(fields.text("aggregatorMergeStrategy"));
  }
}
