package io.starfire.stream;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each task of this process last said of itself. What a task says while its thread has written
 * something that is not committed counts when that is committed: an abort takes the work back.
 * Thread-safe.
 */
final class TaskBoard {
  private final Map<Task, Report> reports = new ConcurrentHashMap<>();
  private final Map<Task, Long> saidAtMillis = new ConcurrentHashMap<>();

  /** By thread, while something that it has written is not committed. */
  private final Map<Thread, Map<Task, Report>> uncommitted = new ConcurrentHashMap<>();

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
    uncommitted.getOrDefault(Thread.currentThread(), reports).put(task, report);
    saidAtMillis.put(task, nowMillis);
  }

  /** This thread has written something, or has begun to. */
  void written() {
    uncommitted.computeIfAbsent(Thread.currentThread(), thread -> new ConcurrentHashMap<>());
  }

  /** What this thread has written is committed. */
  void committed() {
    Map<Task, Report> said = uncommitted.remove(Thread.currentThread());
    if (said != null) {
      reports.putAll(said);
    }
  }

  /** What this thread has written since the last commit is taken back. */
  void aborted() {
    uncommitted.remove(Thread.currentThread());
  }

  /** Takes down what a task said that has left this process. */
  void remove(Task task) {
    uncommitted.values().forEach(said -> said.remove(task));
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
