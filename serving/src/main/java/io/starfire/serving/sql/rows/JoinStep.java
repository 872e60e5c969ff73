package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.query.compute.RowCalculation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each row of the left side with each row of the right side that fits it. The right side is held in
 * memory, by its keys.
 *
 * @param kind what becomes of rows that nothing fits
 * @param leftWidth columns of the left side
 * @param rightWidth columns of the right side
 * @param leftKeys columns that must be equal
 * @param rightKeys the same of the right side
 * @param nullsFit of each key, whether null equals null
 * @param condition of the two rows together besides; null for none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record JoinStep(
    Step left,
    Step right,
    Kind kind,
    int leftWidth,
    int rightWidth,
    int[] leftKeys,
    int[] rightKeys,
    boolean[] nullsFit,
    @Nullable Condition condition)
    implements Step {
  /** What becomes of rows that nothing fits. */
  public enum Kind {
    INNER(false, false),
    LEFT(true, false),
    RIGHT(false, true),
    FULL(true, true),
    /** Rows of the left side that something fits, once. */
    SEMI(false, false),
    /** Rows of the left side that nothing fits. */
    ANTI(false, false);

    private final boolean keepsLeft;
    private final boolean keepsRight;

    Kind(boolean keepsLeft, boolean keepsRight) {
      this.keepsLeft = keepsLeft;
      this.keepsRight = keepsRight;
    }
  }

  /**
   * A condition of rows of both sides, one after the other.
   *
   * @param types of the columns that it reads, by name
   * @param places where they are
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Condition(
      RowCalculation.Output expression, Map<String, String> types, int[] places) {}

  /** A row of the right side. */
  private static final class Held {
    private final @Nullable Object[] row;
    private boolean found;

    Held(@Nullable Object[] row) {
      this.row = row;
    }
  }

  @Override
  public RowStream open(Execution execution) {
    return new Stream(execution);
  }

  @Override
  public JsonNode describe() {
    return Described.of("join " + kind, List.of(left, right))
        .put("leftKeys", Arrays.toString(leftKeys))
        .put("rightKeys", Arrays.toString(rightKeys))
        .put("condition", condition == null ? null : condition.expression.expression().text());
  }

  private final class Stream implements RowStream {
    private final Execution execution;
    private final Map<List<@Nullable Object>, List<Held>> table = new HashMap<>();
    private final List<Held> all = new ArrayList<>();
    private final @Nullable RowCalculation calculation;
    private final RowStream rows;
    private @Nullable Object @Nullable [] current;
    private Iterator<Held> candidates = List.<Held>of().iterator();
    private boolean matched;
    private @Nullable Iterator<Held> rest;

    Stream(Execution execution) {
      this.execution = execution;
      this.calculation =
          condition == null
              ? null
              : new RowCalculation(
                  condition.types, List.of(condition.expression), 1, execution.control());
      for (@Nullable Object[] row : execution.all(right)) {
        Held held = new Held(row);
        all.add(held);
        List<@Nullable Object> key = key(row, rightKeys);
        if (key != null) {
          table.computeIfAbsent(key, unused -> new ArrayList<>()).add(held);
        }
      }
      this.rows = left.open(execution);
    }

    /** Null if no row can be equal. */
    private @Nullable List<@Nullable Object> key(@Nullable Object[] row, int[] columns) {
      for (int i = 0; i < columns.length; i++) {
        if (row[columns[i]] == null && !nullsFit[i]) {
          return null;
        }
      }
      return Values.keys(row, columns);
    }

    @Override
    public @Nullable Object @Nullable [] next() {
      while (rest == null) {
        @Nullable Object[] joined = joined();
        if (joined != null) {
          return joined;
        }
        @Nullable Object[] row = rows.next();
        execution.step();
        if (row == null) {
          rest = kind.keepsRight ? all.iterator() : List.<Held>of().iterator();
        } else {
          begin(row);
        }
      }
      while (rest.hasNext()) {
        Held held = rest.next();
        if (!held.found) {
          return both(null, held.row);
        }
      }
      return null;
    }

    private void begin(@Nullable Object[] row) {
      current = row;
      matched = false;
      List<@Nullable Object> key = key(row, leftKeys);
      candidates = (key == null ? List.<Held>of() : table.getOrDefault(key, List.of())).iterator();
    }

    /** The next row of the current one of the left side; null if there is none. */
    private @Nullable Object @Nullable [] joined() {
      @Nullable Object[] row = current;
      if (row == null) {
        return null;
      }
      while (candidates.hasNext()) {
        Held held = candidates.next();
        execution.step();
        if (!fits(row, held.row)) {
          continue;
        }
        matched = true;
        held.found = true;
        if (kind == Kind.ANTI) {
          break;
        }
        if (kind == Kind.SEMI) {
          current = null;
          return row;
        }
        return both(row, held.row);
      }
      current = null;
      if (!matched && kind == Kind.ANTI) {
        return row;
      }
      return !matched && kind.keepsLeft ? both(row, null) : null;
    }

    private boolean fits(@Nullable Object[] one, @Nullable Object[] other) {
      if (calculation == null) {
        return true;
      }
      int[] places = condition.places;
      for (int i = 0; i < places.length; i++) {
        calculation.set(
            0, i, places[i] < leftWidth ? one[places[i]] : other[places[i] - leftWidth]);
      }
      calculation.compute(1);
      return Long.valueOf(1).equals(calculation.get(0, 0));
    }

    private @Nullable Object[] both(
        @Nullable Object @Nullable [] one, @Nullable Object @Nullable [] other) {
      @Nullable Object[] row = new Object[leftWidth + rightWidth];
      if (one != null) {
        System.arraycopy(one, 0, row, 0, leftWidth);
      }
      if (other != null) {
        System.arraycopy(other, 0, row, leftWidth, rightWidth);
      }
      return row;
    }

    @Override
    public void close() {
      rows.close();
    }
  }
}
