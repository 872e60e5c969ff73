package io.starfire.cli.demo;

import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.event.Outcome;
import io.starfire.jobs.ads.GeneratorCounts;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects what the report says, as far as the demonstration gets. Not thread-safe. */
final class DemoRecord {
  /** Fewer queries than this during the replacement would prove nothing. */
  private static final long LEAST_QUERIES = 200;

  private final long seed;
  private final Interval interval;
  private final long startedAtMillis;
  private List<HourNumbers> truth = List.of();
  private List<HourNumbers> realtime = List.of();
  private Replaced replaced = new Replaced(List.of(), 0, 0, 0, 0, 0, "", 0, 0, Map.of());
  private Map<String, Map<String, Long>> streamOutcomes = Map.of();
  private DemoReport.Events events = DemoReport.Events.NONE;
  private String problem = "";

  DemoRecord(long seed, Interval interval, long startedAtMillis) {
    this.seed = seed;
    this.interval = interval;
    this.startedAtMillis = startedAtMillis;
  }

  void truth(List<HourNumbers> hours) {
    truth = hours;
  }

  void realtime(List<HourNumbers> hours) {
    realtime = hours;
  }

  void replacement(Replaced seen) {
    replaced = seen;
  }

  void streamOutcomes(Map<String, Map<String, Long>> byOperator) {
    streamOutcomes = byOperator;
  }

  void events(GeneratorCounts counts) {
    events =
        new DemoReport.Events(
            counts.generated(),
            counts.impressions(),
            counts.clicks(),
            counts.duplicates(),
            counts.late(),
            counts.undecodable(),
            counts.nullKey());
  }

  void problem(String sentence) {
    problem = sentence;
  }

  List<HourNumbers> truth() {
    return truth;
  }

  List<HourNumbers> realtime() {
    return realtime;
  }

  List<HourNumbers> batch() {
    return replaced.batch();
  }

  /** Why the demonstration did not show what it must; empty if it did. */
  String verdict() {
    if (!problem.isEmpty()) {
      return problem;
    }
    List<String> wrong = new ArrayList<>();
    if (!exact()) {
      wrong.add("the batch numbers differ from the truth");
    }
    if (replaced.mixedAnswers() > 0) {
      wrong.add(replaced.mixedAnswers() + " answers were neither the old nor the new one");
    }
    if (replaced.failedQueries() > 0) {
      wrong.add(
          "%d queries failed, the first with: %s"
              .formatted(replaced.failedQueries(), replaced.firstFailure()));
    }
    if (replaced.oldAnswers() == 0 || replaced.newAnswers() == 0) {
      wrong.add("not both an old and a new answer were seen");
    }
    if (replaced.queries() < LEAST_QUERIES) {
      wrong.add("only %d queries were asked".formatted(replaced.queries()));
    }
    if (realtime.equals(truth)) {
      wrong.add("the real-time numbers equal the truth, so there was no gap to close");
    }
    return String.join("; ", wrong);
  }

  String summary() {
    String verdict = verdict();
    return """
        %d queries while the switch happened: %d with the old numbers, %d with the new, %d mixed, %d failed.
        The batch run took %.1f s; the new numbers were seen %d ms after its publication was registered.
        %s"""
        .formatted(
            replaced.queries(),
            replaced.oldAnswers(),
            replaced.newAnswers(),
            replaced.mixedAnswers(),
            replaced.failedQueries(),
            replaced.batchMillis() / 1000.0,
            replaced.swapMillis(),
            verdict.isEmpty()
                ? "The gap is zero: batch equals the truth in every metric of every hour."
                : "This is not as it must be: " + verdict + ".");
  }

  DemoReport report(long nowMillis) {
    Map<String, Map<String, Map<String, Long>>> operators = new TreeMap<>();
    operators.put("stream", streamOutcomes);
    operators.put("batch", replaced.outcomes());
    return new DemoReport(
        DemoReport.SCHEMA_VERSION,
        seed,
        interval.toString(),
        nowMillis - startedAtMillis,
        PeakMemory.bytes(),
        events,
        Map.of("stream", totals(streamOutcomes), "batch", totals(replaced.outcomes())),
        operators,
        hours(),
        replaced.queries(),
        replaced.oldAnswers(),
        replaced.newAnswers(),
        replaced.mixedAnswers(),
        replaced.failedQueries(),
        replaced.swapMillis(),
        exact(),
        verdict());
  }

  private boolean exact() {
    return !truth.isEmpty() && truth.equals(replaced.batch());
  }

  private List<DemoReport.Hour> hours() {
    List<Long> starts = Demo.starts(interval);
    List<DemoReport.Hour> hours = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      hours.add(
          new DemoReport.Hour(
              Times.format(starts.get(i)), at(truth, i), at(realtime, i), at(replaced.batch(), i)));
    }
    return hours;
  }

  private static HourNumbers at(List<HourNumbers> numbers, int hour) {
    return hour < numbers.size() ? numbers.get(hour) : HourNumbers.NONE;
  }

  /** Sums over operators; every outcome is named, also those that never came. */
  private static Map<String, Long> totals(Map<String, Map<String, Long>> byOperator) {
    Map<String, Long> totals = new TreeMap<>();
    for (Outcome outcome : EnumSet.allOf(Outcome.class)) {
      totals.put(outcome.name(), 0L);
    }
    byOperator
        .values()
        .forEach(counts -> counts.forEach((name, n) -> totals.merge(name, n, Long::sum)));
    return totals;
  }
}
