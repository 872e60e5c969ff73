package io.starfire.serving.coordinator;

import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.historical.SegmentHolder;
import io.starfire.serving.metadata.PublicationRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
  private final SegmentHolder holder;
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
      SegmentHolder holder,
      Views views,
      ViewVariants variants,
      Rollbacks rollbacks,
      Lock activating,
      ViewMaker maker) {
    this.publications = publications;
    this.holder = holder;
    this.views = views;
    this.variants = variants;
    this.rollbacks = rollbacks;
    this.activating = activating;
    this.maker = maker;
  }

  /** One round of everything. */
  void round() {
    // Shows what was committed although the write said that its outcome is unknown.
    maker.catchUp();
    load();
    activate();
    drop();
  }

  private void load() {
    Wanted wanted = wanted();
    holder.spare(wanted.spare.keySet());
    problems.retain(wanted.all().keySet());
    for (SegmentDescriptor segment : wanted.all().values()) {
      if (!holder.serves(segment.id()) && problems.isDue(segment.id())) {
        load(segment);
      }
    }
  }

  private void load(SegmentDescriptor segment) {
    try {
      holder.load(segment);
      problems.loaded(segment.id());
    } catch (StarfireException e) {
      if (problems.failed(segment.id(), String.valueOf(e.getMessage()))) {
        LOG.warn("segment {} cannot be loaded: {}", segment.id(), e.getMessage());
      }
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

  /** Under the lock, so that no view appears meanwhile that shows what is being dropped. */
  private void drop() {
    maker.exclusively(
        () -> {
          // First what is served: what a rollback has loaded since then was wanted before.
          Set<SegmentId> served = holder.served();
          Map<SegmentId, SegmentDescriptor> wanted = wanted().all();
          for (SegmentId segment : served) {
            if (!wanted.containsKey(segment)) {
              holder.drop(segment);
            }
          }
          return null;
        });
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
