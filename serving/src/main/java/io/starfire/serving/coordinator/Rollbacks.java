package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.storage.StoredFiles;
import io.starfire.serving.coordinator.ViewMaker.Change;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.PublicationRow;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes active publications back. What would show again is loaded first, while queries go on; then
 * one transaction makes the next view, in which the publication is gone from all its data sources
 * and intervals. A rollback is refused, and changes nothing, if a segment that would show again is
 * gone from deep storage or cannot be loaded, or if a bucket would hold fewer events by more than
 * the accepted fraction. Thread-safe; one rollback at a time.
 */
final class Rollbacks {
  private static final Logger LOG = LoggerFactory.getLogger(Rollbacks.class);

  private final MetadataStore store;
  private final ServedSegments served;
  private final StoredFiles deepStorage;
  private final Views views;
  private final ViewVariants variants;
  private final AcceptedLoss acceptedLoss;
  private final Lock activating;
  private final ViewMaker maker;
  private final InstantSource clock;

  /** What the rollback under way needs; not to be dropped before its view is installed. */
  private final Map<SegmentId, SegmentDescriptor> returning = new ConcurrentHashMap<>();

  /**
   * @param activating held while a publication is compared and activated
   */
  Rollbacks(
      MetadataStore store,
      ServedSegments served,
      StoredFiles deepStorage,
      Views views,
      ViewVariants variants,
      AcceptedLoss acceptedLoss,
      Lock activating,
      ViewMaker maker,
      InstantSource clock) {
    this.store = store;
    this.served = served;
    this.deepStorage = deepStorage;
    this.views = views;
    this.variants = variants;
    this.acceptedLoss = acceptedLoss;
    this.activating = activating;
    this.maker = maker;
    this.clock = clock;
  }

  /** Segments to be loaded and kept for a rollback that is under way. */
  Collection<SegmentDescriptor> returning() {
    return List.copyOf(returning.values());
  }

  /**
   * Takes a publication back; again is harmless.
   *
   * @param acceptLoss whether fewer events may show afterwards
   * @throws StarfireException with NOT_FOUND, or CONFLICT if it is not active or cannot be taken
   *     back
   */
  synchronized void rollBack(String id, boolean acceptLoss) {
    try {
      PublicationRow row = store.read(transaction -> Publications.find(transaction, id));
      if (row.state() == State.ROLLED_BACK) {
        return;
      }
      checkActive(row);
      bringBack(row, views.current(), acceptLoss);
      activating.lock();
      try {
        // What views show may change up to the last moment, and nothing is loaded under their lock.
        while (!installIfLoaded(row)) {
          bringBack(row, views.current(), acceptLoss);
        }
      } finally {
        activating.unlock();
      }
    } finally {
      returning.clear();
    }
  }

  private static void checkActive(PublicationRow row) {
    if (row.state() == State.STAGED) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "publication %s is staged and shows nowhere, so there is nothing to roll back; abort it instead"
              .formatted(row.id()));
    }
    if (row.state() == State.ABORTED) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "publication %s was aborted before it was active, so there is nothing to roll back"
              .formatted(row.id()));
    }
  }

  /** Rolls back if everything that would show again is loaded at this moment. */
  private boolean installIfLoaded(PublicationRow row) {
    Optional<Long> view =
        maker.writeIf(
            () -> isLoaded(row),
            transaction -> {
              long next = transaction.nextViewNumber();
              transaction.publications().rollBack(row.id(), clock.millis(), next);
              row.dataSources().forEach(name -> DataSources.settleSchema(transaction, name));
              return Change.of(next, row.dataSources());
            });
    view.ifPresent(
        number -> LOG.info("publication {} is rolled back since view {}", row.id(), number));
    return view.isPresent();
  }

  private boolean isLoaded(PublicationRow row) {
    View now = views.current();
    return showingAgain(row, now, variants.without(now, row)).stream()
        .allMatch(segment -> returning.containsKey(segment.id()));
  }

  private static List<SegmentDescriptor> showingAgain(PublicationRow row, View now, View then) {
    List<SegmentDescriptor> again = new ArrayList<>();
    for (String dataSource : row.dataSources()) {
      for (TimelineObject<SegmentDescriptor> piece : shown(row, dataSource, now)) {
        for (TimelineObject<SegmentDescriptor> under : then.lookup(dataSource, piece.interval())) {
          under.objects().stream().filter(segment -> !segment.tombstone()).forEach(again::add);
        }
      }
    }
    return again;
  }

  /** Has everything loaded that would show again after a view, or refuses. */
  private void bringBack(PublicationRow row, View now, boolean acceptLoss) {
    View then = variants.without(now, row);
    List<SegmentDescriptor> again = showingAgain(row, now, then);
    again.forEach(segment -> checkStored(row, segment));
    for (String dataSource : row.dataSources()) {
      Optional<String> less =
          acceptLoss
              ? Optional.empty()
              : acceptedLoss.ofRollback(then, dataSource, shown(row, dataSource, now));
      if (less.isPresent()) {
        throw refused(row, ErrorCode.CONFLICT, less.get(), null);
      }
    }
    Map<SegmentDescriptor, CompletableFuture<Void>> orders = new LinkedHashMap<>();
    again.forEach(segment -> orders.put(segment, served.load(segment)));
    orders.forEach((segment, order) -> await(row, segment, order));
  }

  /** Where a data source of the publication shows. */
  private static List<TimelineObject<SegmentDescriptor>> shown(
      PublicationRow row, String dataSource, View view) {
    return row.intervals().stream()
        .sorted()
        .flatMap(interval -> view.lookup(dataSource, interval).stream())
        .filter(piece -> piece.version().equals(row.version()))
        .toList();
  }

  /** Looks once for each rollback: what is noted has been found. */
  private void checkStored(PublicationRow row, SegmentDescriptor segment) {
    if (returning.containsKey(segment.id())) {
      return;
    }
    if (!deepStorage.exists(segment.path())) {
      throw refused(
          row,
          ErrorCode.CONFLICT,
          "segment %s would show again, but is no longer in deep storage ('%s'); publish a later run over %s instead"
              .formatted(segment.id(), segment.path(), segment.id().interval()),
          null);
    }
    returning.put(segment.id(), segment);
  }

  private static void await(
      PublicationRow row, SegmentDescriptor segment, CompletableFuture<Void> order) {
    try {
      ServedSegments.await(order);
    } catch (StarfireException e) {
      throw refused(
          row,
          e.code(),
          "segment %s would show again, but cannot be loaded: %s"
              .formatted(segment.id(), e.getMessage()),
          e);
    }
  }

  private static StarfireException refused(
      PublicationRow row, ErrorCode code, String why, @Nullable Throwable cause) {
    return new StarfireException(
        code, "publication %s is not rolled back: %s".formatted(row.id(), why), cause);
  }
}
