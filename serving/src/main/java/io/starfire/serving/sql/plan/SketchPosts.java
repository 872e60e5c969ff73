package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.function.ExpressionWriter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/** Writes what asks a sketch as post-aggregations. Stateless. */
final class SketchPosts {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> NAMES =
      Set.of(
          "HLL_SKETCH_ESTIMATE",
          "HLL_SKETCH_ESTIMATE_WITH_ERROR_BOUNDS",
          "HLL_SKETCH_UNION",
          "HLL_SKETCH_TO_STRING",
          "THETA_SKETCH_ESTIMATE",
          "THETA_SKETCH_ESTIMATE_WITH_ERROR_BOUNDS",
          "THETA_SKETCH_UNION",
          "THETA_SKETCH_INTERSECT",
          "THETA_SKETCH_NOT",
          "DS_GET_QUANTILE",
          "DS_GET_QUANTILES",
          "DS_RANK",
          "DS_CDF",
          "DS_HISTOGRAM",
          "DS_QUANTILE_SUMMARY");

  private SketchPosts() {}

  static boolean isOne(RexNode node) {
    return node instanceof RexCall call
        && NAMES.contains(call.getOperator().getName().toUpperCase(Locale.ROOT));
  }

  /**
   * Writes one.
   *
   * @param outputs the names of the outputs that it refers to
   */
  static ObjectNode write(RexNode node, IntFunction<String> outputs, ExpressionWriter writer) {
    if (node instanceof RexInputRef ref) {
      return typed("fieldAccess").put("fieldName", outputs.apply(ref.getIndex()));
    }
    if (!isOne(node)) {
      throw new StarfireException(
          ErrorCode.UNSUPPORTED, "'%s' is no sketch that an aggregate makes".formatted(node));
    }
    RexCall call = (RexCall) node;
    List<RexNode> args = call.getOperands();
    ObjectNode first = write(args.get(0), outputs, writer);
    return switch (call.getOperator().getName().toUpperCase(Locale.ROOT)) {
      case "HLL_SKETCH_ESTIMATE" ->
          of("HLLSketchEstimate", first)
              .put("round", args.size() > 1 && number(args.get(1), writer) > 0);
      case "HLL_SKETCH_ESTIMATE_WITH_ERROR_BOUNDS" ->
          of("HLLSketchEstimateWithBounds", first)
              .put("numStdDev", args.size() > 1 ? (int) number(args.get(1), writer) : 1);
      case "HLL_SKETCH_TO_STRING" -> of("HLLSketchToString", first);
      case "HLL_SKETCH_UNION" -> several("HLLSketchUnion", args, outputs, writer);
      case "THETA_SKETCH_ESTIMATE" -> of("thetaSketchEstimate", first);
      case "THETA_SKETCH_ESTIMATE_WITH_ERROR_BOUNDS" ->
          of("thetaSketchEstimate", first)
              .put("errorBoundsStdDev", (int) number(args.get(1), writer));
      case "THETA_SKETCH_UNION" ->
          several("thetaSketchSetOp", args, outputs, writer).put("func", "UNION");
      case "THETA_SKETCH_INTERSECT" ->
          several("thetaSketchSetOp", args, outputs, writer).put("func", "INTERSECT");
      case "THETA_SKETCH_NOT" ->
          several("thetaSketchSetOp", args, outputs, writer).put("func", "NOT");
      case "DS_GET_QUANTILE" ->
          of("quantilesDoublesSketchToQuantile", first)
              .put("fraction", number(args.get(1), writer));
      case "DS_GET_QUANTILES" ->
          numbers("quantilesDoublesSketchToQuantiles", "fractions", first, args, writer);
      case "DS_RANK" ->
          of("quantilesDoublesSketchToRank", first).put("value", number(args.get(1), writer));
      case "DS_CDF" -> numbers("quantilesDoublesSketchToCDF", "splitPoints", first, args, writer);
      case "DS_HISTOGRAM" ->
          numbers("quantilesDoublesSketchToHistogram", "splitPoints", first, args, writer);
      default -> of("quantilesDoublesSketchToString", first);
    };
  }

  private static ObjectNode typed(String type) {
    return JSON.objectNode().put("type", type);
  }

  private static ObjectNode of(String type, ObjectNode field) {
    return typed(type).set("field", field);
  }

  private static ObjectNode several(
      String type, List<RexNode> args, IntFunction<String> outputs, ExpressionWriter writer) {
    ObjectNode json = typed(type);
    ArrayNode fields = json.putArray("fields");
    for (RexNode arg : args) {
      fields.add(write(arg, outputs, writer));
    }
    return json;
  }

  private static ObjectNode numbers(
      String type, String name, ObjectNode field, List<RexNode> args, ExpressionWriter writer) {
    ObjectNode json = of(type, field);
    ArrayNode array = json.putArray(name);
    args.subList(1, args.size()).forEach(arg -> array.add(number(arg, writer)));
    return json;
  }

  private static double number(RexNode node, ExpressionWriter writer) {
    Constants.Value value = Constants.of(node, writer);
    if (value != null && value.value() instanceof Number number) {
      return number.doubleValue();
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT, "'%s' must be a fixed number".formatted(node));
  }
}
