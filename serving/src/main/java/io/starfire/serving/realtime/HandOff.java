package io.starfire.serving.realtime;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.format.SegmentMerger;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.role.RealtimeCoordination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Turns a range of offsets into segments in deep storage and commits it: merge, push, commit, in
 * this order, so that what is committed is there. An attempt that fails is taken up where it
 * stopped. Segments that lost the race are deleted again; those of a process that died before its
 * commit stay behind in deep storage, and no view ever names them. Used by one thread.
 */
final class HandOff {
  private final String dataSource;
  private final String topic;
  private final RealtimeCoordination coordination;
  private final DeepStorage deepStorage;
  private final Path directory;

  /** What is pushed and not committed yet, by Kafka partition. */
  private final Map<Integer, Pushed> pushed = new HashMap<>();

  private static final class Pushed {
    private final long start;
    private final long end;
    private final List<PushedSegment> segments;

    /** Whether a commit was sent whose answer is not known: it may have been applied. */
    private boolean maybeCommitted;

    Pushed(HandOffRange range, List<PushedSegment> segments) {
      this.start = range.start();
      this.end = range.end();
      this.segments = segments;
    }
  }

  HandOff(
      String dataSource,
      String topic,
      RealtimeCoordination coordination,
      DeepStorage deepStorage,
      Path directory) {
    this.dataSource = dataSource;
    this.topic = topic;
    this.coordination = coordination;
    this.deepStorage = deepStorage;
    this.directory = directory;
  }

  /** Merges and pushes the range, unless that is done already. */
  void push(HandOffRange range) {
    Pushed earlier = pushed.get(range.kafkaPartition());
    if (earlier != null && earlier.start == range.start() && earlier.end == range.end()) {
      return;
    }
    List<PushedSegment> segments = new ArrayList<>();
    for (Map.Entry<Interval, List<PieceBucket>> entry : byBucket(range).entrySet()) {
      List<IndexedRows> rows = new ArrayList<>();
      try {
        entry.getValue().forEach(bucket -> rows.add(bucket.open()));
        for (List<IndexedRows> together : bySchema(rows)) {
          segments.add(mergeAndPush(range, entry.getKey(), together));
        }
      } finally {
        rows.forEach(IndexedRows::close);
      }
    }
    pushed.put(range.kafkaPartition(), new Pushed(range, segments));
  }

  /**
   * Commits a range that was pushed.
   *
   * @throws RuntimeException if it is not known whether the range is committed; the same commit has
   *     to be tried again
   */
  CommitOutcome commit(HandOffRange range, String topicId) {
    Pushed ready = pushed.get(range.kafkaPartition());
    RealtimeCommit commit =
        new RealtimeCommit(
            dataSource,
            topic,
            topicId,
            range.kafkaPartition(),
            range.start(),
            range.end(),
            ready.segments);
    boolean retried = ready.maybeCommitted;
    ready.maybeCommitted = true;
    CommitOutcome outcome = send(commit);
    pushed.remove(range.kafkaPartition());
    // After a lost answer a refusal may mean that our own commit was the one that was applied.
    if (!outcome.committed() && !retried) {
      for (PushedSegment segment : ready.segments) {
        deepStorage.delete(segment.path());
      }
    }
    return outcome;
  }

  private CommitOutcome send(RealtimeCommit commit) {
    try {
      return coordination.commit(commit);
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.CORRUPT || isMissing(commit)) {
        // What is in deep storage is not what was pushed: make it anew, under new paths.
        pushed.remove(commit.kafkaPartition());
      }
      throw e;
    }
  }

  private boolean isMissing(RealtimeCommit commit) {
    return !commit.segments().stream().allMatch(segment -> deepStorage.exists(segment.path()));
  }

  private static Map<Interval, List<PieceBucket>> byBucket(HandOffRange range) {
    Map<Interval, List<PieceBucket>> buckets = new TreeMap<>();
    for (Piece piece : range.pieces()) {
      for (PieceBucket bucket : piece.buckets()) {
        buckets.computeIfAbsent(bucket.bucket(), key -> new ArrayList<>()).add(bucket);
      }
    }
    return buckets;
  }

  /** Rows whose columns go together become one segment; others one each, of the same bucket. */
  private static List<List<IndexedRows>> bySchema(List<IndexedRows> all) {
    List<List<IndexedRows>> groups = new ArrayList<>();
    for (IndexedRows rows : all) {
      groups.stream()
          .filter(group -> group.stream().allMatch(one -> share(one, rows)))
          .findFirst()
          .orElseGet(
              () -> {
                List<IndexedRows> group = new ArrayList<>();
                groups.add(group);
                return group;
              })
          .add(rows);
    }
    return groups;
  }

  private static boolean share(IndexedRows one, IndexedRows other) {
    return SchemaGrowth.share(one.schema(), other.schema());
  }

  /** The path is unique, so that no two nodes ever write the same file. */
  private PushedSegment mergeAndPush(
      HandOffRange range, Interval interval, List<IndexedRows> rows) {
    String name =
        String.format(
            Locale.ROOT,
            "rt-%d-%d-%d-%s.segment",
            range.kafkaPartition(),
            range.start(),
            range.end(),
            UUID.randomUUID());
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(directory);
      DataSourceSchema schema =
          SchemaGrowth.widest(rows.stream().map(IndexedRows::schema).toList());
      WrittenSegment merged = SegmentMerger.merge(schema, interval, rows, file);
      String bucketName = Times.format(interval.startMillis()).replace(":", "");
      String path = deepStorage.push(file, dataSource + "/" + bucketName + "/" + name);
      return new PushedSegment(
          interval, path, merged.sizeBytes(), merged.rowCount(), merged.eventCount());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "%s cannot be used: %s".formatted(directory, IoFailure.reason(e)),
          e);
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "%s could not be deleted: %s".formatted(file, IoFailure.reason(e)),
          e);
    }
  }
}
