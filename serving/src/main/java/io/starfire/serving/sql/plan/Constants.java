package io.starfire.serving.sql.plan;

import io.starfire.serving.query.compute.RowCalculation;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.function.ExpressionWriter;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/** The values of expressions that read no column. Stateless. */
final class Constants {
  private Constants() {}

  /** A value that is known without rows: null, a Long, a Double, a String or an Object[]. */
  record Value(@Nullable Object value) {}

  /** The value of an expression; null if it reads a column. */
  static @Nullable Value of(RexNode node, ExpressionWriter writer) {
    if (node instanceof RexLiteral literal) {
      return new Value(writer.value(literal));
    }
    if (readsRows(node)) {
      return null;
    }
    String type = SqlTypes.nativeType(node.getType());
    if (type.startsWith("COMPLEX")) {
      return null;
    }
    String text = writer.write(node);
    if (text.contains("lookup(")) {
      return null;
    }
    RowCalculation calculation =
        new RowCalculation(
            Map.of(), List.of(new RowCalculation.Output(Expression.parse(text), type)), 1, null);
    calculation.compute(1);
    return new Value(calculation.get(0, 0));
  }

  /** Whether an expression reads a column, or rows of another kind. */
  static boolean readsRows(RexNode node) {
    boolean[] found = new boolean[1];
    node.accept(
        new RexVisitorImpl<Void>(true) {
          @Override
          public Void visitInputRef(RexInputRef ref) {
            found[0] = true;
            return null;
          }

          @Override
          public Void visitOver(RexOver over) {
            found[0] = true;
            return null;
          }

          @Override
          public Void visitSubQuery(RexSubQuery query) {
            found[0] = true;
            return null;
          }

          @Override
          public Void visitFieldAccess(org.apache.calcite.rex.RexFieldAccess access) {
            found[0] = true;
            return null;
          }

          @Override
          public Void visitCorrelVariable(org.apache.calcite.rex.RexCorrelVariable variable) {
            found[0] = true;
            return null;
          }
        });
    return found[0];
  }
}
