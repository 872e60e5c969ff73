package io.starfire.stream;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What each task of this process last said of itself. Thread-safe. */
final class TaskBoard {
  private final Map<Task, Report> reports = new ConcurrentHashMap<>();
  private final Map<Task, Long> saidAtMillis = new ConcurrentHashMap<>();

  /** One task of a stage. */
  record Task(String stage, int partition) {}

  /**
   * What a task says.
   *
   * @param tasks of its stage, -1 if it does not know yet
   * @param watermark {@link io.starfire.stream.watermark.Mark#UNKNOWN} if it has none
   * @param counts by operator and outcome
   */
  record Report(int tasks, long watermark, Map<String, Map<String, Long>> counts) {}

  private volatile boolean closing;

  /** From now on the last words of the tasks stay. */
  void closing() {
    closing = true;
  }

  boolean isClosing() {
    return closing;
  }

  void post(Task task, Report report, long nowMillis) {
    reports.put(task, report);
    saidAtMillis.put(task, nowMillis);
  }

  /** Takes down what a task said that has left this process. */
  void remove(Task task) {
    reports.remove(task);
    saidAtMillis.remove(task);
  }

  /** When each task last said something. */
  Map<Task, Long> saidAtMillis() {
    return Map.copyOf(saidAtMillis);
  }

  Map<Task, Report> reports() {
    return Map.copyOf(reports);
  }

  /** Sums over tasks. */
  Map<String, Map<String, Long>> counts() {
    Map<String, Map<String, Long>> sums = new TreeMap<>();
    for (Report report : reports.values()) {
      report
          .counts()
          .forEach(
              (operator, outcomes) -> {
                Map<String, Long> sum = sums.computeIfAbsent(operator, name -> new TreeMap<>());
                outcomes.forEach((outcome, count) -> sum.merge(outcome, count, Long::sum));
              });
    }
    return sums;
  }
}
