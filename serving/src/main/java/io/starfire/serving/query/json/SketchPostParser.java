package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.SketchSettings;
import io.starfire.segment.sketch.HllSketches;
import io.starfire.segment.sketch.QuantilesSketches;
import io.starfire.segment.sketch.SketchBuilder;
import io.starfire.segment.sketch.SketchKind;
import io.starfire.segment.sketch.SketchSpec;
import io.starfire.segment.sketch.ThetaSketches;
import io.starfire.serving.query.model.OutputType;
import io.starfire.serving.query.model.PostAggregation;
import io.starfire.serving.query.model.PostAggregation.OfSketches;
import io.starfire.serving.query.model.PostAggregation.SketchQuestion;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.SketchValue;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads the post-aggregations that ask sketches. Stateless. */
final class SketchPostParser {
  /** The names of all. */
  static final Set<String> KNOWN =
      Set.of(
          "HLLSketchEstimate",
          "HLLSketchEstimateWithBounds",
          "HLLSketchUnion",
          "HLLSketchToString",
          "hyperUniqueCardinality",
          "thetaSketchEstimate",
          "thetaSketchSetOp",
          "thetaSketchConstant",
          "thetaSketchToString",
          "quantilesDoublesSketchToQuantile",
          "quantilesDoublesSketchToQuantiles",
          "quantilesDoublesSketchToHistogram",
          "quantilesDoublesSketchToRank",
          "quantilesDoublesSketchToCDF",
          "quantilesDoublesSketchToString");

  private static final Set<SketchKind> HLL = Set.of(SketchKind.HLL, SketchKind.UNIQUE);
  private static final Set<SketchKind> THETA = Set.of(SketchKind.THETA);
  private static final Set<SketchKind> QUANTILES = Set.of(SketchKind.QUANTILES);
  private static final OutputType LONG = OutputType.of(ColumnType.LONG);
  private static final OutputType DOUBLE = OutputType.of(ColumnType.DOUBLE);
  private static final OutputType TEXT = OutputType.of(ColumnType.STRING);
  private static final OutputType ARRAY = OutputType.of(ColumnType.COMPLEX);
  private static final JsonFields.Bounds DEVIATIONS = new JsonFields.Bounds(1, 3);
  private static final JsonFields.Bounds BINS = new JsonFields.Bounds(1, 100_000);

  private final JsonFields fields;
  private final String type;
  private final String name;
  private final List<PostAggregation> children;

  private SketchPostParser(
      JsonFields fields, String type, String name, List<PostAggregation> children) {
    this.fields = fields;
    this.type = type;
    this.name = name;
    this.children = children;
  }

  /**
   * Reads one.
   *
   * @param type one of {@link #KNOWN}
   * @param children what gives the sketches that are asked
   */
  static PostAggregation parse(
      JsonFields fields, String type, String name, List<PostAggregation> children) {
    return new SketchPostParser(fields, type, name, children).parse();
  }

  private PostAggregation parse() {
    return switch (type) {
      case "HLLSketchEstimate" -> estimate();
      case "hyperUniqueCardinality" -> uniqueCardinality();
      case "HLLSketchEstimateWithBounds" -> {
        int deviations = (int) fields.whole("numStdDev", DEVIATIONS, 1);
        yield one(HLL, ARRAY, sketch -> HllSketches.estimateWithBounds(sketch, deviations));
      }
      case "HLLSketchUnion" -> union();
      case "HLLSketchToString" -> one(HLL, TEXT, HllSketches::describe);
      case "thetaSketchEstimate" -> thetaEstimate();
      case "thetaSketchSetOp" -> setOperation();
      case "thetaSketchConstant" -> thetaConstant();
      case "thetaSketchToString" -> one(THETA, TEXT, ThetaSketches::describe);
      case "quantilesDoublesSketchToQuantile" -> {
        double[] fraction = {fraction(fields.required("fraction"), fields.pathOf("fraction"))};
        yield one(QUANTILES, DOUBLE, sketch -> QuantilesSketches.quantiles(sketch, fraction)[0]);
      }
      case "quantilesDoublesSketchToQuantiles" -> {
        double[] fractions = numbers("fractions");
        for (double fraction : fractions) {
          checkFraction(fraction, fields.pathOf("fractions"));
        }
        yield one(QUANTILES, ARRAY, sketch -> QuantilesSketches.quantiles(sketch, fractions));
      }
      case "quantilesDoublesSketchToHistogram" -> histogram();
      case "quantilesDoublesSketchToRank" -> {
        double value = number(fields.required("value"), fields.pathOf("value"));
        yield one(QUANTILES, DOUBLE, sketch -> QuantilesSketches.rank(sketch, value));
      }
      case "quantilesDoublesSketchToCDF" -> {
        double[] splitPoints = splitPoints();
        yield one(QUANTILES, ARRAY, sketch -> QuantilesSketches.cumulative(sketch, splitPoints));
      }
      default -> one(QUANTILES, TEXT, QuantilesSketches::describe);
    };
  }

  /** What is asked of the bytes of one sketch. */
  private interface Question {
    Object answer(byte[] sketch);
  }

  private PostAggregation one(Set<SketchKind> kinds, OutputType output, Question question) {
    if (children.size() != 1) {
      throw QueryChecks.invalid(
          "%s: a post-aggregation of type %s must have one field, got %d",
          fields.pathOf("field"), type, children.size());
    }
    return new OfSketches(
        name,
        type,
        fields.json(),
        kinds,
        output,
        children,
        sketches -> question.answer(sketches.get(0).bytes()));
  }

  private PostAggregation estimate() {
    return fields.flag("round")
        ? one(HLL, LONG, sketch -> Math.round(HllSketches.estimate(sketch)))
        : one(HLL, DOUBLE, HllSketches::estimate);
  }

  private PostAggregation uniqueCardinality() {
    String fieldName = fields.text("fieldName");
    return new OfSketches(
        name.isEmpty() ? fieldName : name,
        type,
        fields.json(),
        HLL,
        DOUBLE,
        List.of(new PostAggregation.FieldAccess(fieldName, fieldName)),
        sketches -> sketches.get(0).number());
  }

  private PostAggregation union() {
    SketchSpec spec = SketchSpec.of(type, checked(SketchSettings.LG_K, SketchSettings.HLL_TYPE));
    return new OfSketches(
        name,
        type,
        fields.json(),
        Set.of(SketchKind.HLL),
        new OutputType(ColumnType.COMPLEX, SketchKind.HLL),
        children,
        sketches -> {
          SketchBuilder all = spec.newBuilder();
          sketches.forEach(sketch -> all.addSketch(sketch.bytes()));
          return new SketchValue(spec, all.toBytes());
        });
  }

  private PostAggregation thetaEstimate() {
    if (fields.optional("errorBoundsStdDev") == null) {
      return one(THETA, DOUBLE, ThetaSketches::estimate);
    }
    int deviations = (int) fields.whole("errorBoundsStdDev", DEVIATIONS, 1);
    return one(
        THETA,
        ARRAY,
        sketch -> {
          double[] bounds = ThetaSketches.bounds(sketch, deviations);
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("estimate", ThetaSketches.estimate(sketch));
          answer.put("highBound", bounds[1]);
          answer.put("lowBound", bounds[0]);
          answer.put("numStdDev", (long) deviations);
          return answer;
        });
  }

  private PostAggregation setOperation() {
    String given = fields.text("func");
    ThetaSketches.SetFunction function =
        Arrays.stream(ThetaSketches.SetFunction.values())
            .filter(one -> one.name().equals(given.toUpperCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(
                () ->
                    QueryChecks.invalid(
                        "%s must be one of %s, got '%s'",
                        fields.pathOf("func"),
                        Arrays.toString(ThetaSketches.SetFunction.values()),
                        given));
    if (children.size() < 2) {
      throw QueryChecks.invalid(
          "%s: a thetaSketchSetOp needs at least two fields, got %d",
          fields.pathOf("fields"), children.size());
    }
    Map<String, Object> settings = checked(SketchSettings.SIZE);
    SketchSpec spec = SketchSpec.of(type, settings);
    int size =
        settings.get(SketchSettings.SIZE) instanceof Long number
            ? Math.toIntExact(number)
            : SketchSettings.DEFAULT_SIZE;
    SketchQuestion question =
        sketches ->
            new SketchValue(
                spec,
                ThetaSketches.combine(
                    function, size, sketches.stream().map(SketchValue::bytes).toList()));
    return new OfSketches(
        name,
        type,
        fields.json(),
        THETA,
        new OutputType(ColumnType.COMPLEX, SketchKind.THETA),
        children,
        question);
  }

  private PostAggregation thetaConstant() {
    SketchSpec spec = SketchSpec.of("thetaSketch", Map.of());
    try {
      byte[] sketch = Base64.getDecoder().decode(fields.text("value"));
      spec.check(sketch);
      return new PostAggregation.ConstantSketch(name, new SketchValue(spec, sketch));
    } catch (IllegalArgumentException | StarfireException e) {
      throw QueryChecks.invalid(
          "%s must be a theta sketch in base 64: %s", fields.pathOf("value"), e.getMessage());
    }
  }

  private PostAggregation histogram() {
    boolean hasPoints = fields.optional("splitPoints") != null;
    int bins = (int) fields.whole("numBins", BINS, 10);
    if (hasPoints) {
      double[] splitPoints = splitPoints();
      return one(QUANTILES, ARRAY, sketch -> QuantilesSketches.histogram(sketch, splitPoints));
    }
    return one(QUANTILES, ARRAY, sketch -> QuantilesSketches.histogram(sketch, bins));
  }

  private Map<String, Object> checked(String... settings) {
    Map<String, Object> given = new LinkedHashMap<>();
    for (String setting : settings) {
      JsonNode value = fields.optional(setting);
      if (value != null) {
        given.put(setting, value.isIntegralNumber() ? (Object) value.longValue() : value.asText());
      }
    }
    try {
      return SketchSettings.checked(type, given);
    } catch (StarfireException e) {
      throw QueryChecks.invalid("%s: %s", fields.pathOf(settings[0]), e.getMessage());
    }
  }

  private double[] splitPoints() {
    double[] points = numbers("splitPoints");
    for (int i = 0; i < points.length; i++) {
      if (i > 0 && !(points[i] > points[i - 1])) {
        throw QueryChecks.invalid(
            "%s must ascend, but %s follows %s",
            fields.pathOf("splitPoints"), points[i], points[i - 1]);
      }
    }
    return points;
  }

  private double[] numbers(String field) {
    List<JsonNode> nodes = fields.list(field);
    if (nodes.isEmpty() || nodes.size() > BINS.max()) {
      throw QueryChecks.invalid(
          "%s must have 1 to %d numbers, got %d", fields.pathOf(field), BINS.max(), nodes.size());
    }
    double[] numbers = new double[nodes.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(nodes.get(i), fields.pathOf(field));
    }
    return numbers;
  }

  private static double number(JsonNode node, String path) {
    if (!node.isNumber()) {
      throw QueryChecks.invalid("%s must be a number, got %s", path, JsonFields.describe(node));
    }
    return node.doubleValue();
  }

  private static double fraction(JsonNode node, String path) {
    double fraction = number(node, path);
    checkFraction(fraction, path);
    return fraction;
  }

  private static void checkFraction(double fraction, String path) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw QueryChecks.invalid("%s must be from 0 to 1, got %s", path, fraction);
    }
  }
}
