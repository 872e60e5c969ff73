package io.starfire.serving.sql.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.rows.SortStep;
import io.starfire.serving.sql.rows.Step;
import io.starfire.serving.sql.rows.WindowCall;
import io.starfire.serving.sql.rows.WindowStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.rex.RexWindowBound;
import org.jspecify.annotations.Nullable;

/** Plans window functions: what they read, the functions, and what is computed of them. */
final class Windows {
  private final PlanContext context;

  /** What is computed before the functions: the columns of the input, and more behind them. */
  private final List<RexNode> before = new ArrayList<>();

  private final Map<RexOver, Integer> places = new LinkedHashMap<>();
  private final List<WindowCall> calls = new ArrayList<>();

  Windows(Planner planner) {
    this.context = planner.context();
  }

  Part plan(Project project, Step input) {
    RelDataType row = project.getInput().getRowType();
    for (int i = 0; i < row.getFieldCount(); i++) {
      before.add(new RexInputRef(i, row.getFieldList().get(i).getType()));
    }
    int width = before.size();
    RexShuttle collector =
        new RexShuttle() {
          @Override
          public RexNode visitOver(RexOver over) {
            if (!places.containsKey(over)) {
              calls.add(call(over));
              places.put(over, places.size());
            }
            return over;
          }
        };
    project.getProjects().forEach(node -> node.accept(collector));
    Step computed =
        before.size() == width
            ? input
            : CalcSteps.project(input, before, column -> Planner.nativeType(row, column), context);
    int behind = before.size();
    Step windowed = new WindowStep(computed, behind, calls);
    List<String> types = new ArrayList<>();
    before.forEach(
        node -> types.add(io.starfire.serving.sql.catalog.SqlTypes.nativeType(node.getType())));
    places
        .keySet()
        .forEach(
            over -> types.add(io.starfire.serving.sql.catalog.SqlTypes.nativeType(over.getType())));
    RexShuttle replacer =
        new RexShuttle() {
          @Override
          public RexNode visitOver(RexOver over) {
            return new RexInputRef(behind + places.get(over), over.getType());
          }
        };
    List<RexNode> fields = new ArrayList<>();
    project.getProjects().forEach(node -> fields.add(node.accept(replacer)));
    return new Above(CalcSteps.project(windowed, fields, types::get, context));
  }

  private WindowCall call(RexOver over) {
    RexWindow window = over.getWindow();
    String function = over.getAggOperator().getName().toUpperCase(Locale.ROOT);
    if (over.isDistinct()) {
      throw unsupported("DISTINCT in a window function");
    }
    List<WindowCall.Argument> arguments = new ArrayList<>();
    for (RexNode operand : over.getOperands()) {
      Constants.Value constant = Constants.of(operand, context.writer());
      arguments.add(
          constant == null
              ? new WindowCall.Argument(column(operand), null)
              : new WindowCall.Argument(-1, constant.value()));
    }
    int[] partition = window.partitionKeys.stream().mapToInt(this::column).toArray();
    List<SortStep.Key> order = new ArrayList<>();
    for (RexFieldCollation key : window.orderKeys) {
      boolean descending = key.getDirection().isDescending();
      boolean nullsFirst =
          key.getNullDirection() == RelFieldCollation.NullDirection.UNSPECIFIED
              ? !descending
              : key.getNullDirection() == RelFieldCollation.NullDirection.FIRST;
      order.add(new SortStep.Key(column(key.left), descending, nullsFirst));
    }
    boolean rows = window.isRows();
    return new WindowCall(
        function,
        arguments,
        partition,
        order,
        rows,
        bound(window.getLowerBound(), rows),
        bound(window.getUpperBound(), rows),
        over.ignoreNulls());
  }

  private WindowCall.Bound bound(RexWindowBound bound, boolean rows) {
    if (bound.isUnbounded()) {
      return new WindowCall.Bound(true, 0);
    }
    if (bound.isCurrentRow()) {
      return new WindowCall.Bound(false, 0);
    }
    if (!rows) {
      throw unsupported("a RANGE with an offset; use ROWS");
    }
    RexNode offset = bound.getOffset();
    Constants.@Nullable Value value =
        offset == null ? null : Constants.of(offset, context.writer());
    if (value == null || !(value.value() instanceof Long number)) {
      throw unsupported("a frame whose offset is no fixed number");
    }
    return new WindowCall.Bound(false, bound.isPreceding() ? -number : number);
  }

  private static StarfireException unsupported(String what) {
    return new StarfireException(ErrorCode.UNSUPPORTED, what + " is not supported in this version");
  }

  /** The place of a value that is computed before. */
  private int column(RexNode node) {
    int found = before.indexOf(node);
    if (found >= 0) {
      return found;
    }
    before.add(node);
    return before.size() - 1;
  }
}
