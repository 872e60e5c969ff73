package io.starfire.serving.sql.rows;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one partition, in the order of its window, while a function is computed. */
final class WindowPartition {
  private final WindowCall call;
  private final List<@Nullable Object[]> rows;
  private final Execution execution;
  private final Comparator<@Nullable Object[]> order;

  /** Of each row, the first of those that are equal in the order, and the first after them. */
  private final int[] peersFrom;

  private final int[] peersTo;

  WindowPartition(WindowCall call, List<@Nullable Object[]> rows, Execution execution) {
    this.call = call;
    this.rows = rows;
    this.execution = execution;
    this.order = SortStep.order(call.order());
    this.peersFrom = new int[rows.size()];
    this.peersTo = new int[rows.size()];
    int start = 0;
    for (int end = 1; end <= rows.size(); end++) {
      if (end == rows.size() || order.compare(rows.get(start), rows.get(end)) != 0) {
        for (int i = start; i < end; i++) {
          peersFrom[i] = start;
          peersTo[i] = end;
        }
        start = end;
      }
    }
  }

  void compute(int output) {
    switch (call.function()) {
      case "SUM", "$SUM0", "COUNT", "MIN", "MAX" -> aggregate(output);
      default -> {
        long rank = 0;
        for (int i = 0; i < rows.size(); i++) {
          execution.step();
          rank += peersFrom[i] == i ? 1 : 0;
          rows.get(i)[output] = value(i, rank);
        }
      }
    }
  }

  private @Nullable Object value(int i, long denseRank) {
    int size = rows.size();
    return switch (call.function()) {
      case "ROW_NUMBER" -> i + 1L;
      case "RANK" -> peersFrom[i] + 1L;
      case "DENSE_RANK" -> denseRank;
      case "PERCENT_RANK" -> size == 1 ? 0.0 : peersFrom[i] / (size - 1.0);
      case "CUME_DIST" -> peersTo[i] / (double) size;
      case "NTILE" -> tile(i);
      case "LAG" -> shifted(i, -1);
      case "LEAD" -> shifted(i, 1);
      case "FIRST_VALUE" -> inFrame(i, 1, true);
      case "LAST_VALUE" -> inFrame(i, 1, false);
      case "NTH_VALUE" -> inFrame(i, number(1, i), true);
      default ->
          throw new StarfireException(
              ErrorCode.UNSUPPORTED,
              "the window function %s is not supported in this version".formatted(call.function()));
    };
  }

  private long number(int argument, int i) {
    Object value = call.arguments().get(argument).of(rows.get(i));
    return value instanceof Number number ? number.longValue() : 0;
  }

  private long tile(int i) {
    long tiles = number(0, i);
    if (tiles < 1) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "NTILE needs a number above 0, got " + tiles);
    }
    long small = rows.size() / tiles;
    long larger = rows.size() % tiles;
    long inLarger = larger * (small + 1);
    return i < inLarger ? i / (small + 1) + 1 : larger + (i - inLarger) / small + 1;
  }

  private @Nullable Object shifted(int i, int direction) {
    long offset = call.arguments().size() > 1 ? number(1, i) : 1;
    Object otherwise = call.arguments().size() > 2 ? call.arguments().get(2).of(rows.get(i)) : null;
    WindowCall.Argument value = call.arguments().get(0);
    if (!call.ignoresNulls()) {
      long at = i + direction * offset;
      return at >= 0 && at < rows.size() ? value.of(rows.get((int) at)) : otherwise;
    }
    int at = i;
    while (offset > 0) {
      at += direction;
      if (at < 0 || at >= rows.size()) {
        return otherwise;
      }
      offset -= value.of(rows.get(at)) == null ? 0 : 1;
    }
    return value.of(rows.get(at));
  }

  /** The first row of a frame. */
  private int start(int i) {
    if (call.from().unbounded()) {
      return 0;
    }
    if (!call.rows()) {
      return peersFrom[i];
    }
    return (int) Math.max(0, Math.min(rows.size(), i + call.from().offset()));
  }

  /** The first row after a frame. */
  private int end(int i) {
    if (call.to().unbounded()) {
      return rows.size();
    }
    if (!call.rows()) {
      return peersTo[i];
    }
    return (int) Math.max(0, Math.min(rows.size(), i + call.to().offset() + 1));
  }

  private @Nullable Object inFrame(int i, long number, boolean forward) {
    int start = start(i);
    int end = end(i);
    WindowCall.Argument value = call.arguments().get(0);
    long left = number;
    for (int at = forward ? start : end - 1; at >= start && at < end; at += forward ? 1 : -1) {
      Object found = value.of(rows.get(at));
      if (call.ignoresNulls() && found == null) {
        execution.step();
        continue;
      }
      if (--left == 0) {
        return found;
      }
    }
    return null;
  }

  /** A frame that begins where the one before did is only added to. */
  private void aggregate(int output) {
    WindowSum sum = new WindowSum(call);
    int from = 0;
    int to = 0;
    for (int i = 0; i < rows.size(); i++) {
      int start = start(i);
      int end = Math.max(start, end(i));
      if (start != from || end < to) {
        sum = new WindowSum(call);
        from = start;
        to = start;
      }
      for (; to < end; to++) {
        execution.step();
        sum.add(rows.get(to));
      }
      rows.get(i)[output] = sum.value();
    }
  }
}
