package io.starfire.batch.job;

import io.starfire.common.Interval;
import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import io.starfire.kernel.OutcomeCounter;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.apache.hadoop.mapreduce.Counter;

/**
 * Counts the outcomes of a task. They are added to Hadoop's counters when the task is done, so that
 * attempts that fail count nothing. An event outside of the run's interval always counts as MARGIN.
 * For one thread.
 */
final class TaskOutcomes {
  /** Groups of Hadoop counters that hold outcomes begin so; the operator's name follows. */
  static final String OUTCOMES = "starfire.outcomes.";

  /** The same for anomalies. */
  static final String ANOMALIES = "starfire.anomalies.";

  private final Interval interval;
  private final Map<String, Operator> operators = new LinkedHashMap<>();

  TaskOutcomes(Interval interval) {
    this.interval = interval;
  }

  /** The counter of an operator, the same one for the same name. */
  Operator of(String operator) {
    return operators.computeIfAbsent(operator, name -> new Operator());
  }

  /** Adds all counts to the task's counters; called once, at the end. */
  void addTo(BiFunction<String, String, Counter> counters) {
    operators.forEach(
        (name, operator) -> {
          for (Outcome outcome : Outcome.values()) {
            add(counters, OUTCOMES + name, outcome, operator.outcomes.get(outcome)[0]);
          }
          for (Anomaly anomaly : Anomaly.values()) {
            add(counters, ANOMALIES + name, anomaly, operator.anomalies.get(anomaly)[0]);
          }
        });
  }

  private static void add(
      BiFunction<String, String, Counter> counters, String group, Enum<?> name, long count) {
    if (count > 0) {
      counters.apply(group, name.name()).increment(count);
    }
  }

  private static <E extends Enum<E>> Map<E, long[]> cells(Class<E> type) {
    Map<E, long[]> cells = new EnumMap<>(type);
    for (E constant : type.getEnumConstants()) {
      cells.put(constant, new long[1]);
    }
    return cells;
  }

  /** The counts of one operator. */
  final class Operator implements OutcomeCounter {
    /** A cell each, so that counting makes no objects. */
    private final Map<Outcome, long[]> outcomes = cells(Outcome.class);

    private final Map<Anomaly, long[]> anomalies = cells(Anomaly.class);

    @Override
    public void count(Outcome outcome, long timeMillis) {
      outcomes.get(interval.contains(timeMillis) ? outcome : Outcome.MARGIN)[0]++;
    }

    @Override
    public void count(Anomaly anomaly, long timeMillis) {
      if (interval.contains(timeMillis)) {
        anomalies.get(anomaly)[0]++;
      }
    }

    /** Counts a record that has no time at all, and so belongs to the run that reads it. */
    void countUntimed(Outcome outcome) {
      outcomes.get(outcome)[0]++;
    }
  }
}
