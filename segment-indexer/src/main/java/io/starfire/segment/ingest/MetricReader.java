package io.starfire.segment.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads {@code metricsSpec}. Used once. */
final class MetricReader {
  private static final String FLOAT = "float";

  private static final Map<String, Aggregation> SUPPORTED =
      new TreeMap<>(
          Arrays.stream(Aggregation.values())
              .collect(Collectors.toMap(Aggregation::typeName, aggregation -> aggregation)));

  /** What Druid has beside these, by how the names begin. */
  private static final List<String> OTHERS =
      List.of(
          "hyperUnique",
          "theta",
          "HLL",
          "quantiles",
          "KllDoubles",
          "KllFloats",
          "cardinality",
          "filtered",
          "expression",
          "javascript",
          "approxHistogram",
          "fixedBuckets",
          "bloom",
          "variance",
          "tDigest",
          "momentSketch",
          "arrayOfDoubles",
          "string",
          "longFirst",
          "longLast",
          "longAny",
          "doubleFirst",
          "doubleLast",
          "doubleAny",
          "doubleMean",
          "floatFirst",
          "floatLast",
          "floatAny",
          "timeMin",
          "timeMax",
          "spectator",
          "grouping",
          "singleValue",
          "any",
          "first",
          "last");

  private final List<MetricSpec> metrics = new ArrayList<>();
  private final List<String> fields = new ArrayList<>();

  MetricReader(SpecObject dataSchema) {
    List<JsonNode> elements = dataSchema.array("metricsSpec");
    for (int i = 0; i < elements.size(); i++) {
      read(dataSchema.element("metricsSpec", i, elements.get(i)));
    }
  }

  List<MetricSpec> metrics() {
    return metrics;
  }

  /** For each metric the field that it reads; null for a count. */
  List<String> fields() {
    return fields;
  }

  private void read(SpecObject metric) {
    String type = metric.requiredText("type");
    Aggregation aggregation = SUPPORTED.get(type);
    if (type.startsWith(FLOAT)) {
      aggregation = SUPPORTED.get("double" + type.substring(FLOAT.length()));
      if (aggregation != null) {
        metric.warn("%s: %s is computed and stored as double".formatted(metric.path(), type));
      }
    }
    if (aggregation == null) {
      if (OTHERS.stream().anyMatch(type::startsWith)) {
        throw SpecObject.unsupported(
            "%s '%s' is not supported; use one of %s"
                .formatted(metric.pathOf("type"), type, SUPPORTED.keySet()));
      }
      throw metric.notOneOf("type", type, SUPPORTED.keySet());
    }
    String name = metric.requiredText("name");
    metric.unsupported("expression", "compute the field before it is sent");
    String field = null;
    if (aggregation != Aggregation.COUNT) {
      field = metric.requiredText("fieldName");
    }
    metric.refuseOthers();
    metrics.add(new MetricSpec(name, aggregation));
    fields.add(field);
  }
}
