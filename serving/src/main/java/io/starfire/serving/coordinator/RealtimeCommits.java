package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.segment.SchemaGrowth;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.coordinator.ViewMaker.Change;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.role.RealtimeCoordination;
import io.starfire.serving.view.View;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Commits of real-time nodes. A commit takes effect in this order:
 *
 * <ol>
 *   <li>the historical brings the pushed files from deep storage and checks them, so that a damaged
 *       one is noticed while the node still has its rows;
 *   <li>one transaction compares the start with the committed offset, hands out partition numbers,
 *       stores the segments and the new offset, and counts the view on; the new view is installed;
 *   <li>the historical loads the segments. Meanwhile it answers for them from the fetched files.
 * </ol>
 *
 * Up to the second step queries run on the old view, with the node's live pieces from the old
 * offset on; from then on they run on the new one, with the committed segments and the live pieces
 * from the new offset. The node keeps its copy for the older queries until {@link #whenHandedOff}
 * is answered. So at no moment does a row vanish or count twice.
 *
 * <p>Thread-safe.
 */
final class RealtimeCommits implements RealtimeCoordination {
  private final MetadataStore store;
  private final ServedSegments segments;
  private final HandOffs handOffs;
  private final Views views;
  private final ViewMaker maker;
  private final InstantSource clock;

  RealtimeCommits(
      MetadataStore store,
      ServedSegments segments,
      HandOffs handOffs,
      Views views,
      ViewMaker maker,
      InstantSource clock) {
    this.store = store;
    this.segments = segments;
    this.handOffs = handOffs;
    this.views = views;
    this.maker = maker;
    this.clock = clock;
  }

  @Override
  public Map<Integer, Long> committedOffsets(String dataSource, String topic) {
    return store.read(transaction -> transaction.realtimeOffsets().offsets(dataSource, topic));
  }

  @Override
  public String beginReading(String dataSource, String topic, String topicId) {
    return store
        .read(transaction -> transaction.topicsRead().id(dataSource, topic))
        .orElseGet(
            () -> store.write(transaction -> begin(transaction, dataSource, topic, topicId)));
  }

  private static String begin(
      MetadataTransaction transaction, String dataSource, String topic, String topicId) {
    DataSourceRegistration unused = requireReadFrom(transaction, dataSource, topic);
    Optional<String> stored = transaction.topicsRead().id(dataSource, topic);
    if (stored.isEmpty()) {
      transaction.topicsRead().put(dataSource, topic, topicId);
    }
    return stored.orElse(topicId);
  }

  private static DataSourceRegistration requireReadFrom(
      MetadataTransaction transaction, String dataSource, String topic) {
    DataSourceRegistration registration = DataSources.require(transaction, dataSource);
    if (!topic.equals(registration.topic())) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' is fed from topic '%s', so rows of topic '%s' cannot be committed to it"
              .formatted(dataSource, registration.topic(), topic));
    }
    return registration;
  }

  @Override
  public Optional<DataSourceSchema> schema(String dataSource, String fingerprint) {
    return store.read(transaction -> transaction.dataSources().schema(dataSource, fingerprint));
  }

  @Override
  public void extendSchema(DataSourceSchema wider) {
    var unused =
        maker.write(
            transaction -> {
              DataSourceRegistration known = DataSources.require(transaction, wider.name());
              DataSourceSchema extended = SchemaGrowth.withDimensionsOf(known.schema(), wider);
              if (extended.equals(known.schema())) {
                return Change.none(known);
              }
              DataSourceRegistration changed = new DataSourceRegistration(extended, known.topic());
              transaction.dataSources().put(changed, clock.millis());
              transaction.nextViewNumber();
              return Change.of(changed, Set.of(wider.name()));
            });
  }

  @Override
  public void commitStarts(
      String dataSource, String topic, String topicId, Map<Integer, Long> starts) {
    var unused =
        maker.write(
            transaction -> {
              if (!transaction.realtimeOffsets().offsets(dataSource, topic).isEmpty()) {
                return Change.none(dataSource);
              }
              starts.forEach(
                  (partition, offset) -> {
                    RealtimeCommit start =
                        new RealtimeCommit(
                            dataSource, topic, topicId, partition, offset, offset, List.of());
                    var unusedOutcome = check(transaction, start);
                    putOffset(transaction, start);
                  });
              transaction.nextViewNumber();
              return Change.of(dataSource, Set.of(dataSource));
            });
  }

  @Override
  public CommitOutcome commit(RealtimeCommit commit) {
    Optional<CommitOutcome> lost = store.read(transaction -> check(transaction, commit));
    if (lost.isPresent()) {
      showWhatIsStored(commit);
      return lost.get();
    }
    return withFiles(commit.segments(), () -> commitFetched(commit));
  }

  /** Does something while the historical has files, and answers for segments made of them. */
  private <T> T withFiles(List<PushedSegment> files, Supplier<T> work) {
    List<PushedSegment> fetched = new ArrayList<>();
    try {
      for (PushedSegment file : files) {
        segments.fetch(file.path(), file.sizeBytes());
        fetched.add(file);
      }
      return work.get();
    } finally {
      fetched.forEach(file -> segments.forget(file.path()));
    }
  }

  private CommitOutcome commitFetched(RealtimeCommit commit) {
    CommitOutcome outcome;
    try {
      outcome =
          maker.write(
              transaction -> {
                Optional<CommitOutcome> lost = check(transaction, commit);
                return lost.isPresent()
                    ? Change.none(lost.get())
                    : Change.of(apply(transaction, commit), Set.of(commit.dataSource()));
              });
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNKNOWN_OUTCOME) {
        load(shown(views.current(), commit));
      }
      throw e;
    }
    if (outcome.committed()) {
      load(outcome.segments());
    } else {
      showWhatIsStored(commit);
    }
    return outcome;
  }

  /**
   * Before a node is told that its range is committed, the view says so too. Otherwise the node
   * would give up rows that the view takes from it. It is told so when an earlier commit of the
   * range was stored although its outcome was unknown.
   */
  private void showWhatIsStored(RealtimeCommit commit) {
    Optional<View> stored = maker.stored();
    if (stored.isEmpty()) {
      return;
    }
    Set<String> paths =
        shown(stored.get(), commit).stream()
            .map(SegmentDescriptor::path)
            .collect(Collectors.toSet());
    var unused =
        withFiles(
            commit.segments().stream().filter(file -> paths.contains(file.path())).toList(),
            () -> {
              maker.catchUp();
              return load(shown(views.current(), commit));
            });
  }

  /** Those segments of a commit that a view shows. */
  private static List<SegmentDescriptor> shown(View view, RealtimeCommit commit) {
    Set<String> paths =
        commit.segments().stream().map(PushedSegment::path).collect(Collectors.toSet());
    return view.visibleSegments(commit.dataSource()).values().stream()
        .filter(segment -> paths.contains(segment.path()))
        .toList();
  }

  /**
   * Waits for nothing: the files are there. What fails is loaded by the coordinator's next round.
   */
  private List<SegmentDescriptor> load(List<SegmentDescriptor> fetched) {
    for (SegmentDescriptor segment : fetched) {
      var unused = segments.load(segment);
    }
    return fetched;
  }

  private static CommitOutcome apply(MetadataTransaction transaction, RealtimeCommit commit) {
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (PushedSegment pushed : commit.segments()) {
      String version = Times.format(pushed.interval().startMillis());
      int partition =
          transaction.segments().nextPartition(commit.dataSource(), pushed.interval(), version);
      SegmentDescriptor segment =
          new SegmentDescriptor(
              new SegmentId(commit.dataSource(), pushed.interval(), version, partition),
              0,
              false,
              pushed.path(),
              pushed.sizeBytes(),
              pushed.rowCount(),
              pushed.eventCount());
      transaction.segments().add(segment, null);
      segments.add(segment);
    }
    putOffset(transaction, commit);
    return new CommitOutcome(
        true, commit.endOffset(), List.copyOf(segments), transaction.nextViewNumber());
  }

  /** An offset means nothing without the id of its topic. */
  private static void putOffset(MetadataTransaction transaction, RealtimeCommit commit) {
    String unused = begin(transaction, commit.dataSource(), commit.topic(), commit.topicId());
    transaction.realtimeOffsets().put(commit);
  }

  /** Refuses what cannot be right; an outcome if the node merely lost a race. */
  private static Optional<CommitOutcome> check(
      MetadataTransaction transaction, RealtimeCommit commit) {
    DataSourceRegistration registration =
        requireReadFrom(transaction, commit.dataSource(), commit.topic());
    Granularity granularity = registration.schema().segmentGranularity();
    for (PushedSegment segment : commit.segments()) {
      if (!granularity.bucket(segment.interval().startMillis()).equals(segment.interval())) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "the pushed segment '%s' covers %s, which is not one %s of data source '%s'"
                .formatted(
                    segment.path(),
                    segment.interval(),
                    granularity.jsonName(),
                    commit.dataSource()));
      }
    }
    Optional<String> topicId = transaction.topicsRead().id(commit.dataSource(), commit.topic());
    if (topicId.isPresent() && !topicId.get().equals(commit.topicId())) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' is read from topic '%s' with id %s, so offsets of the topic with id %s mean other rows"
              .formatted(commit.dataSource(), commit.topic(), topicId.get(), commit.topicId()));
    }
    OptionalLong offset =
        transaction
            .realtimeOffsets()
            .offset(commit.dataSource(), commit.topic(), commit.kafkaPartition());
    return offset.isEmpty() || offset.getAsLong() == commit.startOffset()
        ? Optional.empty()
        : Optional.of(new CommitOutcome(false, offset.getAsLong(), List.of(), 0));
  }

  @Override
  public CompletableFuture<Void> whenHandedOff(CommitOutcome outcome) {
    return handOffs.of(outcome);
  }
}
