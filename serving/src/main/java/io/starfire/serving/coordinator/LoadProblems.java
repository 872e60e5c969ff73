package io.starfire.serving.coordinator;

import io.starfire.segment.SegmentId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Segments that could not be loaded: why, and after how many rounds to try again (1, 2, 4, up to
 * 64), so that a damaged file does not keep the disk busy. Thread-safe.
 */
final class LoadProblems {
  private static final int LONGEST_WAIT_ROUNDS = 64;

  private final Map<SegmentId, Problem> problems = new HashMap<>();

  private static final class Problem {
    private String message = "";
    private int waitRounds = 1;
    private int roundsLeft;
  }

  /** Whether a segment should be tried in this round; counts one round down. */
  synchronized boolean isDue(SegmentId segment) {
    Problem problem = problems.get(segment);
    if (problem == null) {
      return true;
    }
    problem.roundsLeft--;
    return problem.roundsLeft < 0;
  }

  /** Notes a failure; returns whether it is new, so that it is logged once. */
  synchronized boolean failed(SegmentId segment, String message) {
    Problem problem = problems.computeIfAbsent(segment, id -> new Problem());
    boolean isNew = !message.equals(problem.message);
    problem.message = message;
    problem.roundsLeft = problem.waitRounds;
    problem.waitRounds = Math.min(LONGEST_WAIT_ROUNDS, problem.waitRounds * 2);
    return isNew;
  }

  synchronized void loaded(SegmentId segment) {
    problems.remove(segment);
  }

  synchronized void retain(Set<SegmentId> wanted) {
    problems.keySet().retainAll(wanted);
  }

  /** Why a segment is not loaded; null if nothing is known. */
  synchronized @Nullable String message(SegmentId segment) {
    Problem problem = problems.get(segment);
    return problem == null ? null : problem.message;
  }
}
