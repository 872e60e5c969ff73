package io.starfire.serving.sql.function;

import java.util.Arrays;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Optionality;

/**
 * An aggregate that SQL has in Druid's way.
 *
 * @param name in upper case
 * @param parameters as in the documentation
 * @param meaning one line
 * @param operator as Calcite knows it
 */
public record AggregateDefinition(
    String name, String parameters, String meaning, SqlAggFunction operator) {
  static AggregateDefinition of(
      String name, String parameters, String meaning, SqlReturnTypeInference returns) {
    return new AggregateDefinition(
        name, parameters, meaning, new Operator(name, parameters, returns));
  }

  private static final class Operator extends SqlAggFunction {
    Operator(String name, String parameters, SqlReturnTypeInference returns) {
      super(
          name,
          null,
          SqlKind.OTHER_FUNCTION,
          returns,
          (binding, returnType, operandTypes) -> {
            RelDataType text = binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR);
            Arrays.fill(
                operandTypes, binding.getTypeFactory().createTypeWithNullability(text, true));
          },
          OperandTypes.variadic(FunctionDefinition.count(parameters)),
          SqlFunctionCategory.USER_DEFINED_FUNCTION,
          false,
          false,
          Optionality.FORBIDDEN);
    }
  }
}
