package io.starfire.serving.sql.plan;

import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.SetOp;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexVisitorImpl;
import org.jspecify.annotations.Nullable;

/**
 * What is in the algebra of a statement, as far as it decides what must be done with it.
 *
 * @param joins how many
 * @param hasSubqueries whether expressions hold queries
 * @param trims whether columns that nobody reads should be left out
 */
record Shape(int joins, boolean hasSubqueries, boolean trims) {
  static Shape of(RelNode root) {
    Visitor visitor = new Visitor();
    visitor.go(root);
    return new Shape(visitor.joins, visitor.subqueries, visitor.trims);
  }

  private static final class Visitor extends RelVisitor {
    private int joins;
    private boolean subqueries;
    private boolean trims;
    private final RexVisitorImpl<Void> expressions =
        new RexVisitorImpl<>(true) {
          @Override
          public Void visitSubQuery(RexSubQuery query) {
            subqueries = true;
            Visitor.this.go(query.rel);
            return super.visitSubQuery(query);
          }

          @Override
          public Void visitOver(RexOver over) {
            trims = true;
            return super.visitOver(over);
          }
        };

    @Override
    public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
      joins += node instanceof Join ? 1 : 0;
      subqueries |= node.getRelTypeName().equals("LogicalCorrelate");
      trims |= node instanceof SetOp;
      if (node instanceof Project project) {
        project.getProjects().forEach(one -> one.accept(expressions));
      } else if (node instanceof org.apache.calcite.rel.core.Filter filter) {
        filter.getCondition().accept(expressions);
      } else if (node instanceof Join join) {
        join.getCondition().accept(expressions);
      }
      super.visit(node, ordinal, parent);
    }
  }
}
