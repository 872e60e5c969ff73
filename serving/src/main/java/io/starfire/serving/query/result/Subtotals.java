package io.starfire.serving.query.result;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.Outputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Puts the answers of a groupBy's subtotals together. Stateless. */
public final class Subtotals {
  private Subtotals() {}

  /**
   * The answer of a groupBy. Dimensions that a subtotal does not have are null in its rows, and the
   * grand total has no time either.
   *
   * @param control of the whole query
   * @param answer of a query without subtotals, on the account of its part of the control
   */
  public static QueryResult answer(
      GroupByQuery query,
      QueryControl control,
      BiFunction<GroupByQuery, QueryControl, QueryResult> answer) {
    if (!query.hasParts()) {
      return answer.apply(query, control);
    }
    Outputs outputs = new Outputs(query);
    List<GroupByQuery> parts = query.parts();
    List<ResultRow> rows = new ArrayList<>();
    List<QueryResult> answers = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      QueryControl part = control.part();
      QueryResult one = answer.apply(parts.get(i), part);
      part.releaseAll();
      control.reserveForGroups(one.rows().size() * ResultRow.bytes(outputs.names().size()));
      boolean total = query.context().grandTotal() && i == parts.size() - 1;
      for (ResultRow row : one.rows()) {
        rows.add(new ResultRow(total ? null : row.timeMillis(), widened(row, one, outputs)));
      }
      answers.add(one);
    }
    return new QueryResult(answers.get(0).shape(), outputs.names(), rows, answers.get(0).zone());
  }

  private static List<Object> widened(ResultRow row, QueryResult part, Outputs outputs) {
    Object[] values = new Object[outputs.names().size()];
    for (int i = 0; i < part.names().size(); i++) {
      values[outputs.position(part.names().get(i))] = row.values().get(i);
    }
    return Arrays.asList(values);
  }
}
