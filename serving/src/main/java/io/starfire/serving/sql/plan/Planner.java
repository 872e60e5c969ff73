package io.starfire.serving.sql.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.catalog.NativeTable;
import io.starfire.serving.sql.catalog.RowsTable;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.rows.ConcatStep;
import io.starfire.serving.sql.rows.SetStep;
import io.starfire.serving.sql.rows.SortStep;
import io.starfire.serving.sql.rows.Step;
import io.starfire.serving.sql.rows.SystemStep;
import io.starfire.serving.sql.rows.ValuesStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Intersect;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.Minus;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.jspecify.annotations.Nullable;

/**
 * Makes the plan of a statement from its algebra, from the tables up: each operator is taken up by
 * the native query below it, or it becomes a step above. Used by one thread.
 */
final class Planner {
  private final PlanContext context;
  private final Set<String> dataSources = new TreeSet<>();

  Planner(PlanContext context) {
    this.context = context;
  }

  /** The data sources that the plan reads. */
  Set<String> dataSources() {
    return dataSources;
  }

  PlanContext context() {
    return context;
  }

  Part plan(RelNode node) {
    if (node instanceof TableScan scan) {
      return table(scan);
    }
    if (node instanceof Values values) {
      return new Above(values(values));
    }
    if (node instanceof Filter filter) {
      return filter(plan(filter.getInput()), filter.getCondition(), filter.getInput().getRowType());
    }
    if (node instanceof Project project) {
      return project(project);
    }
    if (node instanceof Sort sort) {
      return sort(sort);
    }
    if (node instanceof Aggregate aggregate) {
      return new Aggregates(this).plan(aggregate);
    }
    if (node instanceof Join join) {
      return new Joins(this).plan(join);
    }
    if (node instanceof Union union) {
      List<Step> inputs = union.getInputs().stream().map(input -> plan(input).finish()).toList();
      Step all = inputs.size() == 1 ? inputs.get(0) : new ConcatStep(inputs);
      return new Above(union.all ? all : new SetStep(SetStep.Kind.DISTINCT, false, List.of(all)));
    }
    if (node instanceof Intersect intersect) {
      return set(intersect.getInputs(), SetStep.Kind.INTERSECT, intersect.all);
    }
    if (node instanceof Minus minus) {
      return set(minus.getInputs(), SetStep.Kind.EXCEPT, minus.all);
    }
    throw new StarfireException(
        ErrorCode.UNSUPPORTED,
        "the statement needs %s, which is not supported in this version; write it with a join"
            .formatted(
                node.getRelTypeName().equals("LogicalCorrelate")
                    ? "a subquery that refers to the rows around it in this way"
                    : node.getRelTypeName()));
  }

  private Part set(List<RelNode> inputs, SetStep.Kind kind, boolean all) {
    Step step = plan(inputs.get(0)).finish();
    for (RelNode other : inputs.subList(1, inputs.size())) {
      step = new SetStep(kind, all, List.of(step, plan(other).finish()));
    }
    return new Above(step);
  }

  private Part table(TableScan scan) {
    RowsTable rows = scan.getTable().unwrap(RowsTable.class);
    if (rows != null) {
      return new Above(new SystemStep(rows.table()));
    }
    NativeTable table = scan.getTable().unwrap(NativeTable.class);
    if (table == null) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "the table %s is of no known kind".formatted(scan.getTable().getQualifiedName()));
    }
    if (!table.isLookup()) {
      dataSources.add(table.name());
    }
    List<Source.Column> columns = new ArrayList<>();
    for (RelDataTypeField field : scan.getRowType().getFieldList()) {
      columns.add(new Source.Column(field.getName(), SqlTypes.nativeType(field.getType())));
    }
    Source source = new Source(table.json(), columns, table.isLookup() ? -1 : 0);
    return NativePart.of(context, source, null, identity(scan.getRowType()));
  }

  List<RexNode> identity(RelDataType row) {
    List<RexNode> fields = new ArrayList<>();
    for (RelDataTypeField field : row.getFieldList()) {
      fields.add(new RexInputRef(field.getIndex(), field.getType()));
    }
    return fields;
  }

  private Step values(Values values) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (List<RexLiteral> tuple : values.getTuples()) {
      @Nullable Object[] row = new Object[tuple.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] =
            io.starfire.serving.sql.rows.Values.as(
                context.writer().value(tuple.get(i)),
                SqlTypes.nativeType(values.getRowType().getFieldList().get(i).getType()));
      }
      rows.add(row);
    }
    return new ValuesStep(rows);
  }

  static String nativeType(RelDataType row, int column) {
    return SqlTypes.nativeType(row.getFieldList().get(column).getType());
  }

  Part filter(Part input, RexNode condition, RelDataType row) {
    if (condition.isAlwaysTrue()) {
      return input;
    }
    if (input instanceof NativePart part && !callsSketch(condition)) {
      NativePart filtered = part.filtered(condition);
      if (filtered != null) {
        return filtered;
      }
    }
    if (input instanceof NativePart part && part.groups() != null && !part.isLimited()) {
      NativePart filtered = part.filtered(condition);
      if (filtered != null) {
        return filtered;
      }
    }
    return new Above(
        CalcSteps.filter(
            input.finish(),
            condition,
            row.getFieldCount(),
            column -> nativeType(row, column),
            context));
  }

  private static boolean callsSketch(RexNode node) {
    return SketchPosts.isOne(node);
  }

  private Part project(Project project) {
    RelDataType row = project.getInput().getRowType();
    Part input = plan(project.getInput());
    if (RexOver.containsOver(project.getProjects(), null)) {
      return new Windows(this).plan(project, input.finish());
    }
    if (input instanceof NativePart part) {
      return part.projected(project.getProjects());
    }
    return new Above(
        CalcSteps.project(
            input.finish(), project.getProjects(), column -> nativeType(row, column), context));
  }

  private Part sort(Sort sort) {
    Part input = plan(sort.getInput());
    long offset = sort.offset == null ? 0 : whole(sort.offset, "OFFSET");
    long fetch = sort.fetch == null ? -1 : whole(sort.fetch, "LIMIT");
    if (input instanceof NativePart part) {
      NativePart sorted = part.sorted(sort.getCollation(), offset, fetch);
      if (sorted != null) {
        return sorted;
      }
    }
    List<SortStep.Key> keys = new ArrayList<>();
    for (RelFieldCollation one : sort.getCollation().getFieldCollations()) {
      boolean descending = one.getDirection().isDescending();
      boolean nullsFirst =
          one.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
              ? !descending
              : one.nullDirection == RelFieldCollation.NullDirection.FIRST;
      keys.add(new SortStep.Key(one.getFieldIndex(), descending, nullsFirst));
    }
    return new Above(new SortStep(input.finish(), keys, offset, fetch));
  }

  private long whole(RexNode node, String what) {
    Constants.Value value = Constants.of(node, context.writer());
    if (value != null && value.value() instanceof Long number && number >= 0) {
      return number;
    }
    throw new StarfireException(
        ErrorCode.INVALID_INPUT,
        "%s must be a whole number at or above 0, got %s".formatted(what, node));
  }
}
