package io.starfire.serving.sql.plan;

import io.starfire.serving.sql.function.SqlFunctions;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.jspecify.annotations.Nullable;

/**
 * Checks statements. An output may have the name of a column, as in {@code SELECT SUM(added) AS
 * added ... ORDER BY SUM(added)}: inside of an aggregate the column is meant, which Calcite does
 * not see.
 */
final class Validator extends SqlValidatorImpl {
  Validator(SqlValidatorCatalogReader reader, RelDataTypeFactory types, Config config) {
    super(SqlFunctions.instance(), reader, types, config);
  }

  @Override
  public SqlNode expandOrderExpr(SqlSelect select, SqlNode order) {
    SqlNode qualified =
        order.accept(
            new SqlShuttle() {
              @Override
              public @Nullable SqlNode visit(SqlCall call) {
                return call.getOperator().isAggregator()
                    ? expand(call, getWhereScope(select))
                    : super.visit(call);
              }
            });
    return super.expandOrderExpr(select, qualified);
  }
}
