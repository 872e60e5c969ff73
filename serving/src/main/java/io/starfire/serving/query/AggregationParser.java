package io.starfire.serving.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads the aggregations of a query. Stateless. */
final class AggregationParser {
  private static final Set<String> OF_DRUID =
      Set.of(
          "floatSum",
          "floatMin",
          "floatMax",
          "longFirst",
          "longLast",
          "longAny",
          "doubleFirst",
          "doubleLast",
          "doubleAny",
          "floatFirst",
          "floatLast",
          "floatAny",
          "stringFirst",
          "stringLast",
          "stringAny",
          "doubleMean",
          "filtered",
          "grouping",
          "expression",
          "cardinality",
          "hyperUnique",
          "thetaSketch",
          "HLLSketchBuild",
          "HLLSketchMerge",
          "quantilesDoublesSketch",
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
  static List<Aggregation> parse(JsonFields fields) {
    List<Aggregation> aggregations = new ArrayList<>();
    for (JsonNode node : fields.list("aggregations")) {
      String path = "aggregations[" + aggregations.size() + "]";
      JsonFields one = new JsonFields(node, path);
      String type = one.text("type");
      Aggregation.Kind kind =
          Aggregation.Kind.named(type)
              .orElseThrow(() -> QueryParser.unknownType(path + ".type", type, known(), OF_DRUID));
      one.refuse("expression");
      String name = one.text("name");
      String fieldName = one.optional("fieldName") == null ? null : one.text("fieldName");
      one.rejectUnknown("a " + type + " aggregation");
      aggregations.add(new Aggregation(kind, name, fieldName));
    }
    return aggregations;
  }

  private static Set<String> known() {
    Set<String> names = new TreeSet<>();
    for (Aggregation.Kind kind : Aggregation.Kind.values()) {
      names.add(kind.jsonName());
    }
    return names;
  }
}
