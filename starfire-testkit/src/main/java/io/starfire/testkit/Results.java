package io.starfire.testkit;

import io.starfire.common.Interval;
import io.starfire.event.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * What a run of a pipeline gave: the rows of every sink, and how every event ended in every
 * operator, each with its event time. Collects while a driver runs, then is compared. Thread-safe.
 */
public final class Results {
  private final List<Row> rows = new ArrayList<>();
  private final List<Ended> outcomes = new ArrayList<>();

  /**
   * Adds a row of a sink.
   *
   * @param sink its label, such as the name of a data source
   */
  public synchronized void row(String sink, RowValue row) {
    rows.add(new Row(sink, row));
  }

  /** Adds the outcome of one event in an operator. */
  public synchronized void outcome(String operator, Outcome outcome, long timeMillis) {
    outcomes.add(new Ended(operator, outcome, timeMillis));
  }

  /** Only what has its event time in the interval. */
  public synchronized Results within(Interval interval) {
    return where(interval::contains);
  }

  /** What this and another hold, together. */
  public synchronized Results plus(Results other) {
    Results both = where(time -> true);
    both.rows.addAll(other.rows);
    both.outcomes.addAll(other.outcomes);
    return both;
  }

  /** How often each row is in each sink, by its label. Sinks without rows are absent. */
  public synchronized Map<String, Map<RowValue, Long>> rows() {
    Map<String, Map<RowValue, Long>> bags = new TreeMap<>();
    for (Row row : rows) {
      bags.computeIfAbsent(row.sink(), name -> new TreeMap<>()).merge(row.value(), 1L, Long::sum);
    }
    return bags;
  }

  /** How often each outcome was, by operator; margins of batch runs are left out. */
  public synchronized Map<String, Map<Outcome, Long>> outcomes() {
    Map<String, Map<Outcome, Long>> counts = new TreeMap<>();
    for (Ended ended : outcomes) {
      if (ended.outcome() != Outcome.MARGIN) {
        counts
            .computeIfAbsent(ended.operator(), name -> new TreeMap<>())
            .merge(ended.outcome(), 1L, Long::sum);
      }
    }
    return counts;
  }

  /** How many events ended in an operator, margins included. */
  public synchronized long ended(String operator) {
    return outcomes.stream().filter(ended -> ended.operator().equals(operator)).count();
  }

  private Results where(LongPredicate keep) {
    Results kept = new Results();
    rows.stream().filter(row -> keep.test(row.value().timeMillis())).forEach(kept.rows::add);
    outcomes.stream().filter(end -> keep.test(end.timeMillis())).forEach(kept.outcomes::add);
    return kept;
  }

  private record Row(String sink, RowValue value) {}

  private record Ended(String operator, Outcome outcome, long timeMillis) {}
}
