package io.starfire.serving.sql.plan;

import io.starfire.serving.query.compute.RowCalculation;
import io.starfire.serving.query.expression.Expression;
import io.starfire.serving.sql.catalog.SqlTypes;
import io.starfire.serving.sql.function.ExpressionWriter;
import io.starfire.serving.sql.rows.CalcStep;
import io.starfire.serving.sql.rows.JoinStep;
import io.starfire.serving.sql.rows.Step;
import io.starfire.serving.sql.rows.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.jspecify.annotations.Nullable;

/** Makes the steps that filter and compute rows above native queries. Stateless. */
final class CalcSteps {
  private CalcSteps() {}

  static Step project(
      Step input, List<RexNode> fields, IntFunction<String> types, PlanContext context) {
    return calc(input, null, fields, types, context);
  }

  /**
   * Rows for which a condition is true.
   *
   * @param width columns of the rows
   */
  static Step filter(
      Step input, RexNode condition, int width, IntFunction<String> types, PlanContext context) {
    TreeSet<Integer> read = new TreeSet<>();
    collect(condition, read);
    List<CalcStep.Field> kept = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      kept.add(CalcStep.Field.ofColumn(i));
    }
    return new CalcStep(input, types(read, types), places(read), truth(condition, context), kept);
  }

  private static RowCalculation.Output truth(RexNode condition, PlanContext context) {
    return new RowCalculation.Output(Expression.parse(writer(context).write(condition)), "LONG");
  }

  private static Step calc(
      Step input,
      RowCalculation.@Nullable Output condition,
      List<RexNode> fields,
      IntFunction<String> types,
      PlanContext context) {
    TreeSet<Integer> read = new TreeSet<>();
    List<CalcStep.Field> made = new ArrayList<>();
    for (RexNode field : fields) {
      if (field instanceof RexInputRef ref) {
        made.add(CalcStep.Field.ofColumn(ref.getIndex()));
        continue;
      }
      Constants.Value constant = Constants.of(field, context.writer());
      if (constant != null) {
        made.add(CalcStep.Field.ofConstant(Values.ofNative(constant.value())));
        continue;
      }
      collect(field, read);
      made.add(
          CalcStep.Field.of(
              new RowCalculation.Output(
                  Expression.parse(writer(context).write(field)),
                  SqlTypes.nativeType(field.getType()))));
    }
    return new CalcStep(input, types(read, types), places(read), condition, made);
  }

  static JoinStep.@Nullable Condition condition(
      @Nullable RexNode condition, IntFunction<String> types, PlanContext context) {
    if (condition == null || condition.isAlwaysTrue()) {
      return null;
    }
    TreeSet<Integer> read = new TreeSet<>();
    collect(condition, read);
    return new JoinStep.Condition(truth(condition, context), types(read, types), places(read));
  }

  private static ExpressionWriter writer(PlanContext context) {
    return context.writer().over(CalcSteps::name);
  }

  private static String name(int column) {
    return "c" + column;
  }

  private static Map<String, String> types(Set<Integer> read, IntFunction<String> types) {
    Map<String, String> found = new LinkedHashMap<>();
    read.forEach(column -> found.put(name(column), types.apply(column)));
    return found;
  }

  private static int[] places(Set<Integer> read) {
    return read.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void collect(RexNode node, Set<Integer> read) {
    node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            read.add(ref.getIndex());
            return ref;
          }
        });
  }
}
