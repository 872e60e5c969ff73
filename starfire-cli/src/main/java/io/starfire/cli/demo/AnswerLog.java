package io.starfire.cli.demo;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the queries during the replacement answered: how often each distinct answer came, and when
 * first. Whether an answer is the old one, the new one or a mix is known only at the end.
 * Thread-safe.
 */
final class AnswerLog {
  private final Map<List<HourNumbers>, Seen> seen = new HashMap<>();
  private long failures;
  private String firstFailure = "";

  synchronized void answered(List<HourNumbers> hours, long nanos) {
    Seen before = seen.get(hours);
    seen.put(
        hours,
        before == null
            ? new Seen(1, nanos)
            : new Seen(before.count() + 1, Math.min(before.firstNanos(), nanos)));
  }

  synchronized void failed(String message) {
    if (failures++ == 0) {
      firstFailure = message;
    }
  }

  synchronized long answers() {
    return seen.values().stream().mapToLong(Seen::count).sum();
  }

  synchronized long failures() {
    return failures;
  }

  synchronized String firstFailure() {
    return firstFailure;
  }

  synchronized long count(List<HourNumbers> answer) {
    return seen.getOrDefault(answer, Seen.NEVER).count();
  }

  /** When the answer came first, as {@link System#nanoTime}; -1 if it never did. */
  synchronized long firstNanos(List<HourNumbers> answer) {
    return seen.getOrDefault(answer, Seen.NEVER).firstNanos();
  }

  private record Seen(long count, long firstNanos) {
    private static final Seen NEVER = new Seen(0, -1);
  }
}
