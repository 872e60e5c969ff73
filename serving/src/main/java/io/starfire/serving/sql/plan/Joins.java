package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.function.ExpressionWriter;
import io.starfire.serving.sql.rows.JoinStep;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/** Plans joins: natively where the right side can be a data source in memory, else above. */
final class Joins {
  private final Planner planner;
  private final PlanContext context;

  /** What a join compares. */
  private record Keys(
      List<Integer> left, List<Integer> right, List<Boolean> filterNulls, RexNode rest) {}

  Joins(Planner planner) {
    this.planner = planner;
    this.context = planner.context();
  }

  Part plan(Join join) {
    Part left = planner.plan(join.getLeft());
    Part right = planner.plan(join.getRight());
    List<Integer> leftKeys = new ArrayList<>();
    List<Integer> rightKeys = new ArrayList<>();
    List<Boolean> filterNulls = new ArrayList<>();
    RexNode rest =
        RelOptUtil.splitJoinCondition(
            join.getLeft(), join.getRight(), join.getCondition(), leftKeys, rightKeys, filterNulls);
    Keys keys = new Keys(leftKeys, rightKeys, filterNulls, rest);
    Part made = natively(join, left, right, keys);
    return made == null ? above(join, left, right, keys) : made;
  }

  private @Nullable Part natively(Join join, Part left, Part right, Keys keys) {
    boolean inner = join.getJoinType() == JoinRelType.INNER;
    if ((!inner && join.getJoinType() != JoinRelType.LEFT)
        || !(left instanceof NativePart one)
        || !(right instanceof NativePart other)
        || !one.isOpen()
        || one.feed() != null
        || !one.sort().isEmpty()
        || (!inner && !keys.rest.isAlwaysTrue())
        || !RexUtil.isDeterministic(keys.rest)) {
      return null;
    }
    for (int i = 0; i < keys.left.size(); i++) {
      RelDataType leftType =
          join.getLeft().getRowType().getFieldList().get(keys.left.get(i)).getType();
      RelDataType rightType =
          join.getRight().getRowType().getFieldList().get(keys.right.get(i)).getType();
      String type = SqlTypes.nativeType(leftType);
      if (!keys.filterNulls.get(i) || !type.equals(SqlTypes.nativeType(rightType))) {
        return null;
      }
    }
    NativePart.Nested nested = nested(other);
    return nested == null ? null : joined(join, one, nested, keys);
  }

  private NativePart.@Nullable Nested nested(NativePart part) {
    boolean plain =
        part.source().json().path("type").asText().equals("lookup")
            && part.isOpen()
            && part.filter() == null
            && part.sort().isEmpty();
    if (plain) {
      List<Source.Column> columns = new ArrayList<>();
      for (RexNode field : part.fields()) {
        if (!(field instanceof RexInputRef ref)) {
          return part.nested();
        }
        columns.add(part.source().columns().get(ref.getIndex()));
      }
      return new NativePart.Nested(part.source().json(), columns);
    }
    return part.nested();
  }

  private Part joined(Join join, NativePart left, NativePart.Nested right, Keys keys) {
    String prefix = prefix(left.source());
    ExpressionWriter writer = context.writer().over(left.source()::name);
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < keys.left.size(); i++) {
      RexNode key = left.fields().get(keys.left.get(i));
      String name = prefix + right.columns().get(keys.right.get(i)).name();
      conditions.add("(%s == %s)".formatted(writer.write(key), ExpressionWriter.name(name)));
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("type", "join");
    json.set("left", left.source().json());
    json.set("right", right.json());
    json.put("rightPrefix", prefix)
        .put("condition", conditions.isEmpty() ? "1" : String.join(" && ", conditions))
        .put("joinType", join.getJoinType().name());
    List<Source.Column> columns = new ArrayList<>(left.source().columns());
    int leftColumns = columns.size();
    for (Source.Column column : right.columns()) {
      columns.add(new Source.Column(prefix + column.name(), column.nativeType()));
    }
    List<RexNode> fields = new ArrayList<>(left.fields());
    int leftWidth = join.getLeft().getRowType().getFieldCount();
    List<RelDataTypeField> all = join.getRowType().getFieldList();
    for (int i = leftWidth; i < all.size(); i++) {
      fields.add(new RexInputRef(leftColumns + i - leftWidth, all.get(i).getType()));
    }
    NativePart part =
        new NativePart(
            context,
            new Source(json, columns, left.source().timeColumn()),
            null,
            left.filter(),
            null,
            null,
            fields,
            List.of(),
            0,
            -1);
    return keys.rest.isAlwaysTrue() ? part : planner.filter(part, keys.rest, join.getRowType());
  }

  private static String prefix(Source left) {
    for (int i = 0; ; i++) {
      String prefix = "j" + i + ".";
      if (left.columns().stream().noneMatch(column -> column.name().startsWith(prefix))) {
        return prefix;
      }
    }
  }

  private Part above(Join join, Part left, Part right, Keys keys) {
    JoinStep.Kind kind = JoinStep.Kind.valueOf(join.getJoinType().name());
    RelDataType leftRow = join.getLeft().getRowType();
    RelDataType rightRow = join.getRight().getRowType();
    boolean[] nullsFit = new boolean[keys.left.size()];
    for (int i = 0; i < nullsFit.length; i++) {
      nullsFit[i] = !keys.filterNulls.get(i);
    }
    int leftWidth = leftRow.getFieldCount();
    return new Above(
        new JoinStep(
            left.finish(),
            right.finish(),
            kind,
            leftWidth,
            rightRow.getFieldCount(),
            keys.left.stream().mapToInt(Integer::intValue).toArray(),
            keys.right.stream().mapToInt(Integer::intValue).toArray(),
            nullsFit,
            CalcSteps.condition(
                keys.rest,
                column ->
                    column < leftWidth
                        ? Planner.nativeType(leftRow, column)
                        : Planner.nativeType(rightRow, column - leftWidth),
                context)));
  }
}
