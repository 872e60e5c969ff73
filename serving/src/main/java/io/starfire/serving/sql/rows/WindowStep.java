package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows with values of window functions behind their own. All rows are held in memory.
 *
 * @param width columns of the input
 */
public record WindowStep(Step input, int width, List<WindowCall> calls) implements Step {
  @Override
  public RowStream open(Execution execution) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    try (RowStream stream = input.open(execution)) {
      for (@Nullable Object[] row = stream.next(); row != null; row = stream.next()) {
        @Nullable Object[] wide = new Object[width + calls.size()];
        System.arraycopy(row, 0, wide, 0, width);
        execution.hold(wide);
        rows.add(wide);
      }
    }
    List<@Nullable Object[]> sorted = new ArrayList<>(rows);
    for (int i = 0; i < calls.size(); i++) {
      compute(calls.get(i), width + i, sorted, execution);
    }
    Iterator<@Nullable Object[]> left = sorted.iterator();
    return () -> left.hasNext() ? left.next() : null;
  }

  private static void compute(
      WindowCall call, int output, List<@Nullable Object[]> rows, Execution execution) {
    List<SortStep.Key> keys = new ArrayList<>();
    for (int column : call.partition()) {
      keys.add(new SortStep.Key(column, false, true));
    }
    Comparator<@Nullable Object[]> partitions = SortStep.order(List.copyOf(keys));
    keys.addAll(call.order());
    rows.sort(SortStep.order(keys));
    int start = 0;
    for (int end = 1; end <= rows.size(); end++) {
      execution.step();
      if (end == rows.size() || partitions.compare(rows.get(start), rows.get(end)) != 0) {
        new WindowPartition(call, rows.subList(start, end), execution).compute(output);
        start = end;
      }
    }
  }

  @Override
  public JsonNode describe() {
    return Described.of("window", List.of(input)).put("calls", calls.toString());
  }
}
