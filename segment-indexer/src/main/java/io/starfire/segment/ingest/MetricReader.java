package io.starfire.segment.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.StarfireException;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.event.SketchSettings;
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
    Map<String, Object> settings = settings(metric, aggregation);
    metric.refuseOthers();
    try {
      metrics.add(new MetricSpec(name, aggregation, settings));
    } catch (StarfireException e) {
      throw SpecObject.invalid("%s: %s".formatted(metric.path(), e.getMessage()));
    }
    fields.add(field);
  }

  /** The settings of a sketch, as they are given. */
  private static Map<String, Object> settings(SpecObject metric, Aggregation aggregation) {
    Map<String, Object> settings = new TreeMap<>();
    for (String name : SketchSettings.names(aggregation.typeName())) {
      JsonNode value = metric.raw(name);
      if (value != null) {
        settings.put(
            name,
            value.isBoolean()
                ? (Object) value.booleanValue()
                : value.isIntegralNumber() && value.canConvertToLong()
                    ? (Object) value.longValue()
                    : value.asText());
      }
    }
    if (aggregation == Aggregation.HYPER_UNIQUE) {
      metric.ignore("a hyperUnique takes values, and no sketches of Druid", "isInputHyperUnique");
    }
    return settings;
  }
}
