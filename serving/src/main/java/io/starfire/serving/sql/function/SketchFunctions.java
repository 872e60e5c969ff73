package io.starfire.serving.sql.function;

import io.starfire.serving.sql.function.FunctionDefinition.Group;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/**
 * What can be asked of a sketch that an aggregate makes. They become post-aggregations, not
 * expressions. Stateless.
 */
final class SketchFunctions {
  private final List<FunctionDefinition> all = new ArrayList<>();

  private SketchFunctions() {}

  static List<FunctionDefinition> list() {
    SketchFunctions functions = new SketchFunctions();
    functions.add(
        "HLL_SKETCH_ESTIMATE", "sketch[, round]", "How many distinct values.", Returns.DOUBLE);
    functions.add(
        "HLL_SKETCH_ESTIMATE_WITH_ERROR_BOUNDS",
        "sketch[, deviations]",
        "The estimate, the lower and the upper bound.",
        Returns.complex("COMPLEX"));
    functions.add(
        "HLL_SKETCH_UNION",
        "sketch...",
        "One sketch of several.",
        Returns.complex("COMPLEX<HLLSketch>"));
    functions.add("HLL_SKETCH_TO_STRING", "sketch", "A description for people.", Returns.VARCHAR);
    functions.add("THETA_SKETCH_ESTIMATE", "sketch", "How many distinct values.", Returns.DOUBLE);
    functions.add(
        "THETA_SKETCH_ESTIMATE_WITH_ERROR_BOUNDS",
        "sketch, deviations",
        "The estimate and its bounds.",
        Returns.complex("COMPLEX"));
    functions.add(
        "THETA_SKETCH_UNION",
        "sketch...",
        "One sketch of several.",
        Returns.complex("COMPLEX<thetaSketch>"));
    functions.add(
        "THETA_SKETCH_INTERSECT",
        "sketch...",
        "What the sketches have in common.",
        Returns.complex("COMPLEX<thetaSketch>"));
    functions.add(
        "THETA_SKETCH_NOT",
        "sketch...",
        "The first without the others.",
        Returns.complex("COMPLEX<thetaSketch>"));
    functions.add(
        "DS_GET_QUANTILE",
        "sketch, fraction",
        "The value at or below which such a part of the values lies.",
        Returns.DOUBLE);
    functions.add(
        "DS_GET_QUANTILES",
        "sketch, fraction...",
        "Such values, as an array.",
        Returns.complex("COMPLEX"));
    functions.add(
        "DS_RANK", "sketch, value", "The part of the values at or below it.", Returns.DOUBLE);
    functions.add(
        "DS_CDF", "sketch, value...", "Such parts, as an array.", Returns.complex("COMPLEX"));
    functions.add(
        "DS_HISTOGRAM",
        "sketch, value...",
        "The numbers of values between these, as an array.",
        Returns.complex("COMPLEX"));
    functions.add("DS_QUANTILE_SUMMARY", "sketch", "A description for people.", Returns.VARCHAR);
    return functions.all;
  }

  private void add(String name, String parameters, String meaning, SqlReturnTypeInference returns) {
    all.add(
        FunctionDefinition.of(
            name,
            Group.SKETCH,
            parameters,
            meaning,
            returns,
            call -> {
              throw call.writer()
                  .invalid(
                      "%s asks a sketch that an aggregate of the same query makes, such as"
                          + " %s(DS_HLL(column)); it cannot be used on anything else",
                      name, name);
            }));
  }
}
