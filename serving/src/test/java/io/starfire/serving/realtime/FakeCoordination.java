package io.starfire.serving.realtime;

import io.starfire.common.Times;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.role.RealtimeCoordination;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A coordinator in memory that keeps the contract: commits compare and set, every commit makes a
 * view, and a commit is handed off when no query uses an older view. Thread-safe.
 */
final class FakeCoordination implements RealtimeCoordination {
  /** What a query sees: segments, and from where live rows follow them. */
  record View(long number, Map<Integer, Long> committed, List<SegmentDescriptor> segments) {
    long committedEvents() {
      return segments.stream().mapToLong(SegmentDescriptor::eventCount).sum();
    }
  }

  /** Who wants to hear when no query uses a view below this one. */
  private record Waiting(long viewNumber, CompletableFuture<Void> answer) {}

  private final Map<Long, Integer> readers = new TreeMap<>();
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<RealtimeCommit> commits = new ArrayList<>();
  private final Map<String, DataSourceSchema> schemas = new HashMap<>();
  private View view = new View(1, Map.of(), List.of());
  private String topicId;
  private DataSourceSchema schema;
  private boolean handOffAllowed = true;
  private int answersToLose;
  private int failures;
  private int extensionsToFail;
  private Error error;

  @Override
  public synchronized Map<Integer, Long> committedOffsets(String dataSource, String topic) {
    return view.committed();
  }

  @Override
  public synchronized String beginReading(String dataSource, String topic, String id) {
    if (topicId == null) {
      topicId = id;
    }
    return topicId;
  }

  @Override
  public synchronized Optional<DataSourceSchema> schema(String dataSource, String fingerprint) {
    return Optional.ofNullable(schemas.get(fingerprint));
  }

  /** Rows of the schema can be decoded from now on. */
  synchronized void know(DataSourceSchema known) {
    schemas.put(DataRowCodec.of(known).fingerprintHex(), known);
  }

  @Override
  public synchronized void extendSchema(DataSourceSchema wider) {
    if (extensionsToFail > 0) {
      extensionsToFail--;
      throw new IllegalStateException("the coordinator is away");
    }
    schema = wider;
  }

  /** The widest schema that was told; null before the first. */
  synchronized DataSourceSchema schema() {
    return schema;
  }

  @Override
  public synchronized void commitStarts(
      String dataSource, String topic, String id, Map<Integer, Long> starts) {
    if (view.committed().isEmpty()) {
      starts.forEach(
          (partition, offset) ->
              apply(
                  new RealtimeCommit(dataSource, topic, id, partition, offset, offset, List.of())));
    }
  }

  @Override
  public synchronized CommitOutcome commit(RealtimeCommit commit) {
    if (error != null) {
      throw error;
    }
    if (failures > 0) {
      failures--;
      throw new IllegalStateException("the coordinator is away");
    }
    CommitOutcome outcome = apply(commit);
    if (answersToLose > 0) {
      answersToLose--;
      throw new IllegalStateException("the answer was lost");
    }
    return outcome;
  }

  private CommitOutcome apply(RealtimeCommit commit) {
    Long committed = view.committed().get(commit.kafkaPartition());
    if (committed != null && committed != commit.startOffset()) {
      return new CommitOutcome(false, committed, List.of(), 0);
    }
    commits.add(commit);
    List<SegmentDescriptor> segments = new ArrayList<>(view.segments());
    List<SegmentDescriptor> added = new ArrayList<>();
    for (PushedSegment pushed : commit.segments()) {
      added.add(
          new SegmentDescriptor(
              new SegmentId(
                  commit.dataSource(),
                  pushed.interval(),
                  Times.format(pushed.interval().startMillis()),
                  segments.size() + added.size()),
              0,
              false,
              pushed.path(),
              pushed.sizeBytes(),
              pushed.rowCount(),
              pushed.eventCount()));
    }
    segments.addAll(added);
    Map<Integer, Long> offsets = new HashMap<>(view.committed());
    offsets.put(commit.kafkaPartition(), commit.endOffset());
    view = new View(view.number() + 1, Map.copyOf(offsets), List.copyOf(segments));
    return new CommitOutcome(true, commit.endOffset(), added, view.number());
  }

  @Override
  public synchronized CompletableFuture<Void> whenHandedOff(CommitOutcome outcome) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    waiting.add(new Waiting(outcome.viewNumber(), answer));
    answerHandOffs();
    return answer;
  }

  private void answerHandOffs() {
    waiting.removeIf(
        one -> {
          boolean done =
              handOffAllowed && readers.keySet().stream().noneMatch(used -> used < one.viewNumber);
          return done && one.answer.complete(null);
        });
  }

  /** A query starts; it ends with {@link #release}. */
  synchronized View acquire() {
    readers.merge(view.number(), 1, Integer::sum);
    return view;
  }

  synchronized void release(View used) {
    readers.computeIfPresent(used.number(), (number, count) -> count == 1 ? null : count - 1);
    answerHandOffs();
  }

  synchronized View view() {
    return view;
  }

  synchronized List<RealtimeCommit> commits() {
    return List.copyOf(commits);
  }

  synchronized void allowHandOff(boolean allowed) {
    handOffAllowed = allowed;
    answerHandOffs();
  }

  /** The next commits are applied, and their callers do not hear of it. */
  synchronized void loseAnswers(int count) {
    answersToLose = count;
  }

  /** Every commit throws it. */
  synchronized void failWith(Error thrown) {
    error = thrown;
  }

  synchronized void failExtensions(int count) {
    extensionsToFail = count;
  }

  synchronized void failCommits(int count) {
    failures = count;
  }
}
