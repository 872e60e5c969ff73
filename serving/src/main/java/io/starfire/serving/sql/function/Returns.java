package io.starfire.serving.sql.function;

import io.starfire.serving.sql.catalog.ComplexType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.type.SqlTypeName;

/** The types of what functions return. All may be null, since arguments may be. Stateless. */
final class Returns {
  static final SqlReturnTypeInference VARCHAR = of(SqlTypeName.VARCHAR);
  static final SqlReturnTypeInference BIGINT = of(SqlTypeName.BIGINT);
  static final SqlReturnTypeInference INTEGER = of(SqlTypeName.INTEGER);
  static final SqlReturnTypeInference DOUBLE = of(SqlTypeName.DOUBLE);
  static final SqlReturnTypeInference BOOLEAN = of(SqlTypeName.BOOLEAN);
  static final SqlReturnTypeInference TIMESTAMP = of(SqlTypeName.TIMESTAMP);

  /** That of the first argument. */
  static final SqlReturnTypeInference FIRST = binding -> nullable(binding, first(binding));

  /** One that can hold all arguments. */
  static final SqlReturnTypeInference COMMON =
      binding -> {
        RelDataType common =
            binding.getTypeFactory().leastRestrictive(binding.collectOperandTypes());
        return nullable(
            binding,
            common == null ? binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR) : common);
      };

  /** An array of the first argument. */
  static final SqlReturnTypeInference ARRAY_OF_FIRST =
      binding ->
          nullable(
              binding,
              binding.getTypeFactory().createArrayType(nullable(binding, first(binding)), -1));

  /** An array of texts. */
  static final SqlReturnTypeInference TEXTS = array(SqlTypeName.VARCHAR);

  /** An array of doubles. */
  static final SqlReturnTypeInference DOUBLES = array(SqlTypeName.DOUBLE);

  private Returns() {}

  private static RelDataType first(SqlOperatorBinding binding) {
    return binding.getOperandType(0);
  }

  static RelDataType nullable(SqlOperatorBinding binding, RelDataType type) {
    RelDataTypeFactory factory = binding.getTypeFactory();
    return factory.createTypeWithNullability(type, true);
  }

  private static SqlReturnTypeInference of(SqlTypeName type) {
    return binding -> nullable(binding, binding.getTypeFactory().createSqlType(type));
  }

  private static SqlReturnTypeInference array(SqlTypeName element) {
    return binding ->
        nullable(
            binding,
            binding
                .getTypeFactory()
                .createArrayType(
                    nullable(binding, binding.getTypeFactory().createSqlType(element)), -1));
  }

  /** An element of an array, which is the argument at this place. */
  static SqlReturnTypeInference elementOf(int argument) {
    return binding -> {
      RelDataType element = binding.getOperandType(argument).getComponentType();
      return nullable(
          binding,
          element == null ? binding.getTypeFactory().createSqlType(SqlTypeName.VARCHAR) : element);
    };
  }

  /** The array at this place; a text with several values as an array of texts. */
  static SqlReturnTypeInference arrayAt(int argument) {
    return binding -> {
      RelDataType type = binding.getOperandType(argument);
      return type.getComponentType() == null
          ? TEXTS.inferReturnType(binding)
          : nullable(binding, type);
    };
  }

  /** A sketch or another value that is no type of SQL. */
  static SqlReturnTypeInference complex(String nativeType) {
    return binding -> new ComplexType(nativeType, true);
  }
}
