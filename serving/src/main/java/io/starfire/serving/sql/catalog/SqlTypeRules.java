package io.starfire.serving.sql.catalog;

import java.math.RoundingMode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * What types sums, means and literals have, as in Druid: times have milliseconds, a sum of whole
 * numbers is BIGINT, and any other sum and every mean is DOUBLE. Stateless.
 */
final class SqlTypeRules extends RelDataTypeSystemImpl {
  static final SqlTypeRules INSTANCE = new SqlTypeRules();
  private static final int DECIMALS_OF_SECONDS = 3;

  private SqlTypeRules() {}

  @Override
  public int getDefaultPrecision(SqlTypeName type) {
    return type == SqlTypeName.TIMESTAMP || type == SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE
        ? DECIMALS_OF_SECONDS
        : super.getDefaultPrecision(type);
  }

  @Override
  public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
    boolean whole = SqlTypeName.INT_TYPES.contains(argument.getSqlTypeName());
    return factory.createTypeWithNullability(
        factory.createSqlType(whole ? SqlTypeName.BIGINT : SqlTypeName.DOUBLE),
        argument.isNullable());
  }

  @Override
  public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
    return factory.createTypeWithNullability(
        factory.createSqlType(SqlTypeName.DOUBLE), argument.isNullable());
  }

  @Override
  public boolean shouldConvertRaggedUnionTypesToVarying() {
    return true;
  }

  @Override
  public RoundingMode roundingMode() {
    return RoundingMode.HALF_UP;
  }
}
