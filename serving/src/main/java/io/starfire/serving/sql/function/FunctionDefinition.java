package io.starfire.serving.sql.function;

import java.util.Locale;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A function that SQL has in Druid's way, and how a call of it is written as a native expression.
 *
 * @param name in upper case
 * @param group in the documentation
 * @param parameters as in the documentation: {@code time, period[, origin[, zone]]}, with {@code
 *     ...} for any number more
 * @param meaning one line
 * @param translation writes a call
 * @param operator as Calcite knows it
 */
public record FunctionDefinition(
    String name,
    Group group,
    String parameters,
    String meaning,
    Translation translation,
    SqlFunction operator) {
  /** The parts of the list of functions. */
  public enum Group {
    TIME("Time"),
    TEXT("Text"),
    NUMBER("Numbers"),
    CONDITION("Conditions and types"),
    ARRAY("Arrays and columns with several values"),
    SKETCH("Sketches");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /** How a call is written. */
  interface Translation {
    String write(CallWriter call);
  }

  static FunctionDefinition of(
      String name,
      Group group,
      String parameters,
      String meaning,
      SqlReturnTypeInference returns,
      Translation translation) {
    SqlFunction operator =
        new SqlFunction(
            name,
            SqlKind.OTHER_FUNCTION,
            returns,
            // What nothing is known of, such as a parameter, is a text.
            (binding, returnType, operandTypes) -> {
              RelDataType text = binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR);
              java.util.Arrays.fill(
                  operandTypes, binding.getTypeFactory().createTypeWithNullability(text, true));
            },
            OperandTypes.variadic(count(parameters)),
            SqlFunctionCategory.USER_DEFINED_FUNCTION);
    return new FunctionDefinition(
        name.toUpperCase(Locale.ROOT), group, parameters, meaning, translation, operator);
  }

  /** How many arguments the parameters allow. */
  static SqlOperandCountRange count(String parameters) {
    if (parameters.isEmpty()) {
      return SqlOperandCountRanges.of(0);
    }
    int optional = parameters.indexOf('[');
    String required = optional < 0 ? parameters : parameters.substring(0, optional);
    int least = required.isBlank() ? 0 : required.split(",", -1).length;
    if (required.endsWith("...")) {
      return SqlOperandCountRanges.from(least);
    }
    int most = least;
    for (int i = Math.max(optional, 0); optional >= 0 && i < parameters.length(); i++) {
      most += parameters.charAt(i) == '[' ? 1 : 0;
    }
    return parameters.contains("...")
        ? SqlOperandCountRanges.from(least)
        : SqlOperandCountRanges.between(least, most);
  }
}
