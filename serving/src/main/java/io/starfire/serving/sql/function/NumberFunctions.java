package io.starfire.serving.sql.function;

import io.starfire.serving.sql.function.FunctionDefinition.Group;
import io.starfire.serving.sql.function.FunctionDefinition.Translation;
import java.util.List;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/** The functions of numbers that Calcite does not have. Stateless. */
final class NumberFunctions {
  private NumberFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "SAFE_DIVIDE",
            "x, y",
            "The quotient; null if y is 0.",
            Returns.COMMON,
            call -> call.direct("safe_divide")),
        whole("DIV", "x, y", "The quotient as a whole number, cut towards zero.", "div"),
        whole("BITWISE_AND", "x, y", "Bits that are set in both.", "bitwiseAnd"),
        whole("BITWISE_OR", "x, y", "Bits that are set in one of them.", "bitwiseOr"),
        whole("BITWISE_XOR", "x, y", "Bits that are set in exactly one.", "bitwiseXor"),
        whole("BITWISE_SHIFT_LEFT", "x, y", "x shifted left by y bits.", "bitwiseShiftLeft"),
        whole("BITWISE_SHIFT_RIGHT", "x, y", "x shifted right by y bits.", "bitwiseShiftRight"),
        whole("BITWISE_COMPLEMENT", "x", "All bits turned.", "bitwiseComplement"),
        whole(
            "BITWISE_CONVERT_DOUBLE_TO_LONG_BITS",
            "x",
            "The bits of a double.",
            "bitwiseConvertDoubleToLongBits"),
        define(
            "BITWISE_CONVERT_LONG_BITS_TO_DOUBLE",
            "x",
            "The double of these bits.",
            Returns.DOUBLE,
            call -> call.direct("bitwiseConvertLongBitsToDouble")),
        define(
            "TRUNC",
            "x[, digits]",
            "As TRUNCATE.",
            Returns.FIRST,
            call -> call.writer().truncatedOf(call)));
  }

  private static FunctionDefinition whole(
      String name, String parameters, String meaning, String function) {
    return define(name, parameters, meaning, Returns.BIGINT, call -> call.direct(function));
  }

  private static FunctionDefinition define(
      String name,
      String parameters,
      String meaning,
      SqlReturnTypeInference returns,
      Translation translation) {
    return FunctionDefinition.of(name, Group.NUMBER, parameters, meaning, returns, translation);
  }
}
