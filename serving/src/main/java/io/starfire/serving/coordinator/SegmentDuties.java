package io.starfire.serving.coordinator;

import io.starfire.common.StarfireException;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.serving.historical.SegmentHolder;
import io.starfire.serving.metadata.PublicationRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the coordinator does again and again: has the historical load what some view shows and what
 * is staged, turns the publications that are ready, and has dropped what no view shows any more. A
 * failure is logged once and tried again later, at growing distances. Thread-safe.
 */
final class SegmentDuties {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentDuties.class);

  private final Publications publications;
  private final SegmentHolder holder;
  private final Views views;
  private final Lock lock;
  private final LoadProblems problems = new LoadProblems();

  /**
   * @param lock held while a view is made and installed
   */
  SegmentDuties(Publications publications, SegmentHolder holder, Views views, Lock lock) {
    this.publications = publications;
    this.holder = holder;
    this.views = views;
    this.lock = lock;
  }

  /** One round of everything. */
  void round() {
    load();
    activate();
    drop();
  }

  private void load() {
    Map<SegmentId, SegmentDescriptor> wanted = wanted();
    problems.retain(wanted.keySet());
    for (SegmentDescriptor segment : wanted.values()) {
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
      if (problems.failed(segment.id(), e.getMessage())) {
        LOG.warn("segment {} cannot be loaded: {}", segment.id(), e.getMessage());
      }
    }
  }

  private void activate() {
    for (PublicationRow row : publications.staged()) {
      tryActivate(row);
    }
  }

  /** Turns a publication if it is ready; one at a time, so that each is compared with the last. */
  synchronized void tryActivate(PublicationRow row) {
    if (!publications.isReady(row, views.current(), loadProblem(row))) {
      return;
    }
    lock.lock();
    try {
      Optional<View> next = publications.activate(row.id());
      next.ifPresent(views::install);
      next.ifPresent(
          view -> LOG.info("publication {} is active since view {}", row.id(), view.number()));
    } finally {
      lock.unlock();
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
    lock.lock();
    try {
      Map<SegmentId, SegmentDescriptor> wanted = wanted();
      for (SegmentId segment : holder.served()) {
        if (!wanted.containsKey(segment)) {
          holder.drop(segment);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Map<SegmentId, SegmentDescriptor> wanted() {
    Map<SegmentId, SegmentDescriptor> wanted = new LinkedHashMap<>();
    views.shown().forEach(view -> wanted.putAll(view.visibleSegments()));
    publications.stagedSegments().forEach(segment -> wanted.put(segment.id(), segment));
    return wanted;
  }
}
