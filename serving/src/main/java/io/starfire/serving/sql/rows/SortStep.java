package io.starfire.serving.sql.rows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Orders rows, and takes some of them. Equal rows keep their order. With a limit, only so many rows
 * are held.
 *
 * @param keys the most important first; none to keep the order
 * @param offset how many rows are left out at the start
 * @param fetch the largest number of rows; -1 for all
 */
public record SortStep(Step input, List<Key> keys, long offset, long fetch) implements Step {
  /** Below this, a heap holds the rows of a limit. */
  private static final long MAX_HEAP = 1_000_000;

  /**
   * One column of the order.
   *
   * @param column place in the rows
   */
  public record Key(int column, boolean descending, boolean nullsFirst) {
    int compare(@Nullable Object[] left, @Nullable Object[] right) {
      Object one = left[column];
      Object other = right[column];
      if (one == null || other == null) {
        int order = Boolean.compare(one != null, other != null);
        return nullsFirst ? order : -order;
      }
      return descending ? Values.compare(other, one) : Values.compare(one, other);
    }
  }

  /** A row and its number, so that equal rows keep their order. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Numbered(@Nullable Object[] row, long number) {}

  static Comparator<@Nullable Object[]> order(List<Key> keys) {
    return (left, right) -> {
      for (Key key : keys) {
        int order = key.compare(left, right);
        if (order != 0) {
          return order;
        }
      }
      return 0;
    };
  }

  @Override
  public RowStream open(Execution execution) {
    if (fetch == 0) {
      return () -> null;
    }
    if (keys.isEmpty()) {
      return limited(execution);
    }
    List<@Nullable Object[]> sorted =
        fetch > 0 && offset + fetch <= MAX_HEAP ? best(execution) : all(execution);
    long end = fetch < 0 ? sorted.size() : Math.min(sorted.size(), offset + fetch);
    int start = (int) Math.min(offset, end);
    Iterator<@Nullable Object[]> left = sorted.subList(start, (int) end).iterator();
    return () -> left.hasNext() ? left.next() : null;
  }

  private RowStream limited(Execution execution) {
    RowStream rows = input.open(execution);
    long[] state = {offset, fetch < 0 ? Long.MAX_VALUE : fetch};
    return new RowStream() {
      @Override
      public @Nullable Object @Nullable [] next() {
        for (; state[0] > 0; state[0]--) {
          execution.step();
          if (rows.next() == null) {
            state[1] = 0;
          }
        }
        return state[1]-- > 0 ? rows.next() : null;
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  private List<@Nullable Object[]> all(Execution execution) {
    List<@Nullable Object[]> rows = execution.all(input);
    rows.sort(order(keys));
    return rows;
  }

  private List<@Nullable Object[]> best(Execution execution) {
    Comparator<Numbered> order =
        Comparator.comparing(Numbered::row, order(keys)).thenComparingLong(Numbered::number);
    PriorityQueue<Numbered> heap = new PriorityQueue<>(order.reversed());
    long number = 0;
    try (RowStream rows = input.open(execution)) {
      for (@Nullable Object[] row = rows.next(); row != null; row = rows.next()) {
        execution.hold(row);
        heap.add(new Numbered(row, number++));
        if (heap.size() > offset + fetch) {
          execution.control().release(Values.bytes(heap.poll().row));
        }
      }
    }
    List<Numbered> kept = new ArrayList<>(heap);
    kept.sort(order);
    return new ArrayList<>(kept.stream().map(Numbered::row).toList());
  }

  @Override
  public JsonNode describe() {
    var json = Described.of(keys.isEmpty() ? "limit" : "sort", List.of(input));
    if (!keys.isEmpty()) {
      json.put("keys", keys.toString());
    }
    if (offset > 0) {
      json.put("offset", offset);
    }
    if (fetch >= 0) {
      json.put("limit", fetch);
    }
    return json;
  }
}
