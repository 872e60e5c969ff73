package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.CommitOutcome;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The commits of which real-time nodes wait to hear that they may drop their rows. A node asks once
 * for each; a coordinator that is started again knows of none, and is asked again. Thread-safe.
 */
final class HandOffs {
  private final Views views;
  private final ServedSegments segments;
  private final Map<CommitOutcome, CompletableFuture<Void>> waiting = new LinkedHashMap<>();
  private boolean closed;

  HandOffs(Views views, ServedSegments segments) {
    this.views = views;
    this.segments = segments;
  }

  /** Completed when the rows of a commit may be dropped. */
  CompletableFuture<Void> of(CommitOutcome outcome) {
    if (isDone(outcome)) {
      return CompletableFuture.completedFuture(null);
    }
    synchronized (this) {
      return closed
          ? CompletableFuture.failedFuture(away())
          : waiting.computeIfAbsent(outcome, key -> new CompletableFuture<>()).copy();
    }
  }

  private boolean isDone(CommitOutcome outcome) {
    if (!outcome.committed() || !views.areAllAtOrAbove(outcome.viewNumber())) {
      return false;
    }
    View current = views.current();
    return outcome.segments().stream()
        .allMatch(segment -> segments.serves(segment.id()) || !current.shows(segment.id()));
  }

  /** Answers those who wait for what is done by now. */
  void answer() {
    for (CommitOutcome outcome : all()) {
      if (isDone(outcome)) {
        complete(outcome);
      }
    }
  }

  private synchronized List<CommitOutcome> all() {
    return List.copyOf(waiting.keySet());
  }

  private void complete(CommitOutcome outcome) {
    CompletableFuture<Void> answer;
    synchronized (this) {
      answer = waiting.remove(outcome);
    }
    if (answer != null) {
      answer.complete(null);
    }
  }

  /** Those who wait are told to ask again. */
  void close() {
    List<CompletableFuture<Void>> unanswered;
    synchronized (this) {
      closed = true;
      unanswered = new ArrayList<>(waiting.values());
      waiting.clear();
    }
    unanswered.forEach(answer -> answer.completeExceptionally(away()));
  }

  private static StarfireException away() {
    return new StarfireException(
        ErrorCode.UNAVAILABLE, "the coordinator is being stopped; ask the next one");
  }
}
