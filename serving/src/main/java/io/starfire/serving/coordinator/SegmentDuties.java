package io.starfire.serving.coordinator;

import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.metadata.PublicationRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the coordinator does again and again: has the historical load what some view shows and what
 * is staged, activates the publications that are ready, and has dropped what no view shows any
 * more. What only kept views show is loaded last, and gives way when room is short. A failure is
 * logged once and tried again later, at growing distances. Thread-safe.
 */
final class SegmentDuties {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentDuties.class);

  private final Publications publications;
  private final ServedSegments served;
  private final HandOffs handOffs;
  private final Views views;
  private final ViewVariants variants;
  private final Rollbacks rollbacks;
  private final Lock activating;
  private final ViewMaker maker;
  private final LoadProblems problems = new LoadProblems();

  /**
   * @param activating held while a publication is compared and activated, so that each is compared
   *     with the last
   */
  SegmentDuties(
      Publications publications,
      ServedSegments served,
      HandOffs handOffs,
      Views views,
      ViewVariants variants,
      Rollbacks rollbacks,
      Lock activating,
      ViewMaker maker) {
    this.publications = publications;
    this.served = served;
    this.handOffs = handOffs;
    this.views = views;
    this.variants = variants;
    this.rollbacks = rollbacks;
    this.activating = activating;
    this.maker = maker;
  }

  /**
   * One round of everything. What is ordered to be loaded is waited for by nobody: when the last of
   * it is loaded, there is another round.
   */
  void round() {
    // Shows what was committed although the write said that its outcome is unknown.
    maker.catchUp();
    load();
    activate();
    drop();
    handOffs.answer();
  }

  /** The first round, at whose end all that can be loaded is loaded. */
  void firstRound() {
    maker.catchUp();
    load();
    served.awaitOrders();
    round();
  }

  private void load() {
    Wanted wanted = wanted();
    served.spare(wanted.spare.keySet());
    problems.retain(wanted.all().keySet());
    for (SegmentDescriptor segment : wanted.all().values()) {
      SegmentId id = segment.id();
      if (!served.serves(id) && !served.isLoading(id) && problems.isDue(id)) {
        load(segment);
      }
    }
  }

  private void load(SegmentDescriptor segment) {
    var unused =
        served
            .load(segment)
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    problems.loaded(segment.id());
                  } else {
                    failed(segment, ServedSegments.failure(failure));
                  }
                });
  }

  private void failed(SegmentDescriptor segment, StarfireException e) {
    if (problems.failed(segment.id(), String.valueOf(e.getMessage()))) {
      LOG.warn("segment {} cannot be loaded: {}", segment.id(), e.getMessage());
    }
  }

  private void activate() {
    for (PublicationRow row : publications.staged()) {
      tryActivate(row);
    }
  }

  /** Activates a publication if it is ready. */
  void tryActivate(PublicationRow row) {
    activating.lock();
    try {
      if (publications.isReady(row, views.current(), loadProblem(row))) {
        publications
            .activate(row.id())
            .ifPresent(view -> LOG.info("publication {} is active since view {}", row.id(), view));
      }
    } finally {
      activating.unlock();
    }
  }

  private String loadProblem(PublicationRow row) {
    return publications.files(row.id()).stream()
        .map(segment -> problems.message(segment.id()))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  /**
   * What is wanted is found while no view is being made: a publication that is being activated is
   * either staged or shown. No later view shows what is not wanted: a rollback says what it wants
   * before it has it loaded.
   */
  private void drop() {
    served.dropAllBut(() -> maker.exclusively(() -> wanted().all().keySet()));
  }

  /**
   * What is to be served.
   *
   * @param needed whatever it takes
   * @param spare if there is room
   */
  private record Wanted(
      Map<SegmentId, SegmentDescriptor> needed, Map<SegmentId, SegmentDescriptor> spare) {
    /** What is needed first. */
    Map<SegmentId, SegmentDescriptor> all() {
      Map<SegmentId, SegmentDescriptor> all = new LinkedHashMap<>(needed);
      all.putAll(spare);
      return all;
    }
  }

  private Wanted wanted() {
    Map<SegmentId, SegmentDescriptor> needed = new LinkedHashMap<>();
    views.shown().forEach(view -> needed.putAll(view.visibleSegments()));
    publications.stagedSegments().forEach(segment -> needed.put(segment.id(), segment));
    rollbacks.returning().forEach(segment -> needed.put(segment.id(), segment));
    Map<SegmentId, SegmentDescriptor> spare =
        new LinkedHashMap<>(variants.keptSegments(views.current()));
    spare.keySet().removeAll(needed.keySet());
    return new Wanted(needed, spare);
  }
}
