package io.starfire.serving.sql.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Refuses statements that would take minutes to be planned: the time grows with the square of the
 * number of outputs, and of joins.
 */
final class StatementSize extends SqlBasicVisitor<Void> {
  private static final int MAX_OUTPUTS = 3_000;
  private static final int MAX_JOINS = 100;

  private int joins;

  @Override
  public @Nullable Void visit(SqlCall call) {
    if (call instanceof SqlSelect select && select.getSelectList().size() > MAX_OUTPUTS) {
      throw tooMany(select.getSelectList().size(), "outputs in one SELECT", MAX_OUTPUTS);
    }
    if (call instanceof SqlJoin && ++joins > MAX_JOINS) {
      throw tooMany(joins, "joins or more", MAX_JOINS);
    }
    return super.visit(call);
  }

  private static StarfireException tooMany(int count, String what, int most) {
    return new StarfireException(
        ErrorCode.CAPACITY_EXCEEDED,
        "the statement has %,d %s; at most %,d are planned".formatted(count, what, most));
  }
}
