package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * DISTINCT of the first input, or its rows that are in the second, or that are not.
 *
 * @param all whether the numbers of equal rows count
 */
public record SetStep(Kind kind, boolean all, List<Step> inputs) implements Step {
  /** What is done. */
  public enum Kind {
    DISTINCT,
    INTERSECT,
    EXCEPT
  }

  @Override
  public RowStream open(Execution execution) {
    Map<List<@Nullable Object>, Integer> others = new HashMap<>();
    if (kind != Kind.DISTINCT) {
      try (RowStream right = inputs.get(1).open(execution)) {
        for (@Nullable Object[] row = right.next(); row != null; row = right.next()) {
          List<@Nullable Object> key = key(row);
          if (others.merge(key, 1, Integer::sum) == 1) {
            execution.hold(row);
          }
        }
      }
    }
    RowStream left = inputs.get(0).open(execution);
    Set<List<@Nullable Object>> seen = new HashSet<>();
    return new RowStream() {
      @Override
      public @Nullable Object @Nullable [] next() {
        while (true) {
          @Nullable Object[] row = left.next();
          if (row == null) {
            return null;
          }
          execution.step();
          List<@Nullable Object> key = key(row);
          if (fits(others, key)) {
            if (all) {
              return row;
            }
            if (seen.add(key)) {
              execution.hold(row);
              return row;
            }
          }
        }
      }

      @Override
      public void close() {
        left.close();
      }
    };
  }

  private boolean fits(Map<List<@Nullable Object>, Integer> others, List<@Nullable Object> key) {
    if (kind == Kind.DISTINCT) {
      return true;
    }
    boolean found = others.containsKey(key);
    if (found && all) {
      others.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    }
    return found == (kind == Kind.INTERSECT);
  }

  private static List<@Nullable Object> key(@Nullable Object[] row) {
    return Values.keys(row, IntStream.range(0, row.length).toArray());
  }

  @Override
  public JsonNode describe() {
    return Described.of(kind.name().toLowerCase(java.util.Locale.ROOT), inputs).put("all", all);
  }
}
