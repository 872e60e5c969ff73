package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that native queries do not have. All groups are held in memory.
 *
 * @param keys columns of the groups; none for one group of all rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record AggregateStep(Step input, int[] keys, List<Call> calls) implements Step {
  /**
   * An aggregate.
   *
   * @param function name in upper case
   * @param distinct whether equal values count once
   * @param argument column; -1 for none
   * @param filter column of the truth value of rows that count; -1 for all rows
   * @param decimal whether sums are of doubles
   * @param separator column of the text between texts; -1 for none
   */
  public record Call(
      String function,
      boolean distinct,
      int argument,
      int filter,
      boolean decimal,
      int separator) {}

  @Override
  public RowStream open(Execution execution) {
    Map<List<@Nullable Object>, @Nullable Object[]> rows = new LinkedHashMap<>();
    Map<List<@Nullable Object>, GroupAggregate[]> groups = new LinkedHashMap<>();
    if (keys.length == 0) {
      groups.put(List.of(), aggregates());
    }
    try (RowStream stream = input.open(execution)) {
      for (@Nullable Object[] row = stream.next(); row != null; row = stream.next()) {
        execution.step();
        List<@Nullable Object> key = Values.keys(row, keys);
        GroupAggregate[] group = groups.get(key);
        if (group == null) {
          execution.hold(row);
          group = aggregates();
          groups.put(key, group);
          rows.put(key, row);
        }
        for (int i = 0; i < group.length; i++) {
          execution.control().reserveAbove(group[i].add(row));
        }
      }
    }
    List<@Nullable Object[]> results = new ArrayList<>(groups.size());
    groups.forEach((key, group) -> results.add(result(rows.get(key), group)));
    Iterator<@Nullable Object[]> left = results.iterator();
    return () -> left.hasNext() ? left.next() : null;
  }

  private @Nullable Object[] result(@Nullable Object @Nullable [] row, GroupAggregate[] group) {
    @Nullable Object[] result = new Object[keys.length + group.length];
    for (int i = 0; i < keys.length && row != null; i++) {
      result[i] = row[keys[i]];
    }
    for (int i = 0; i < group.length; i++) {
      result[keys.length + i] = group[i].result();
    }
    return result;
  }

  private GroupAggregate[] aggregates() {
    return calls.stream().map(GroupAggregate::new).toArray(GroupAggregate[]::new);
  }

  @Override
  public JsonNode describe() {
    return Described.of("aggregate", List.of(input)).put("calls", calls.toString());
  }
}
