package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.StoredFiles;
import io.starfire.serving.coordinator.ViewMaker.Change;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.PublicationRow;
import io.starfire.serving.view.View;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The life of publications: staged when registered, active when all of its segments are loaded and
 * cover what they hide, or aborted; {@link Rollbacks} takes active ones back, for good. All data
 * sources and intervals of a publication become active in one view, made by one transaction.
 * Thread-safe.
 */
final class Publications {
  private final MetadataStore store;
  private final ViewMaker maker;
  private final ServedSegments served;
  private final StoredFiles deepStorage;
  private final AcceptedLoss acceptedLoss;
  private final InstantSource clock;

  Publications(
      MetadataStore store,
      ViewMaker maker,
      ServedSegments served,
      StoredFiles deepStorage,
      AcceptedLoss acceptedLoss,
      InstantSource clock) {
    this.store = store;
    this.maker = maker;
    this.served = served;
    this.deepStorage = deepStorage;
    this.acceptedLoss = acceptedLoss;
    this.clock = clock;
  }

  /**
   * Stores a publication as staged and returns its id; the same one again changes nothing, even
   * after it has become active.
   */
  String register(PublicationRequest request) {
    PublicationCheck.checkContent(request);
    String id = request.id();
    if (store.read(transaction -> isSame(transaction, id, request))) {
      return id;
    }
    for (SegmentDescriptor segment : request.segments()) {
      if (!segment.tombstone() && !deepStorage.exists(segment.path())) {
        throw PublicationCheck.refused(
            request,
            "segment %s is not in the server's deep storage, %s, at '%s'; %s"
                .formatted(segment.id(), deepStorage.root(), segment.path(), whereTo(request)));
      }
    }
    store.write(
        transaction -> {
          if (!isSame(transaction, id, request)) {
            request.dataSources().forEach(name -> DataSources.require(transaction, name));
            PublicationCheck.checkVersion(transaction, request);
            request.schemas().forEach(schema -> DataSources.checkPublished(transaction, schema));
            transaction.publications().add(id, request, clock.millis());
            request.segments().forEach(segment -> transaction.segments().add(segment, id));
          }
          return id;
        });
    return id;
  }

  /** The usual cause: run and server have different deep storage. So both roots are named. */
  private static String whereTo(PublicationRequest request) {
    return request.deepStorageRoot().isEmpty()
        ? "upload all segments there before you register them"
        : "the run stored it in %s; set the same starfire.deep-storage.root for the run and for the server"
            .formatted(request.deepStorageRoot());
  }

  /** Whether it is there already; a different one of the same data source and version conflicts. */
  private static boolean isSame(
      MetadataTransaction transaction, String id, PublicationRequest request) {
    if (transaction.publications().find(id).isEmpty()) {
      return false;
    }
    Set<SegmentDescriptor> stored = new HashSet<>(transaction.segments().ofPublication(id));
    if (!stored.equals(new HashSet<>(request.segments()))) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "publication %s is registered already with other segments; a run registers once, and another run needs a version of its own"
              .formatted(id));
    }
    return true;
  }

  /**
   * Whether a publication may become active now: it is staged and not held, all of its segments are
   * loaded, and it covers what it hides. If not, the reason is noted with it.
   *
   * @param loadProblem why a segment of it could not be loaded; empty if nothing is known
   */
  boolean isReady(PublicationRow row, View current, String loadProblem) {
    if (row.state() != State.STAGED || row.held()) {
      return false;
    }
    List<SegmentDescriptor> segments =
        store.read(transaction -> transaction.segments().ofPublication(row.id()));
    Optional<String> obstacle =
        store
            .read(transaction -> schemaProblem(transaction, row.id()))
            .or(() -> obstacle(row, segments, current, loadProblem));
    obstacle.ifPresent(reason -> note(row, reason));
    return obstacle.isEmpty();
  }

  /**
   * Makes a ready publication active.
   *
   * @return the number of the view in which it became active, or empty if it was aborted
   */
  OptionalLong activate(String id) {
    return maker.write(
        transaction -> {
          PublicationRow row = find(transaction, id);
          if (row.state() != State.STAGED) {
            return Change.none(OptionalLong.empty());
          }
          checkSchemas(transaction, id);
          long view = transaction.nextViewNumber();
          transaction.publications().activate(id, clock.millis(), view);
          row.dataSources().forEach(name -> DataSources.settleSchema(transaction, name));
          return Change.of(OptionalLong.of(view), row.dataSources());
        });
  }

  PublicationRow row(String id) {
    return store.read(transaction -> find(transaction, id));
  }

  /** Its data source may have got real-time data of other buckets since it was registered. */
  private static Optional<String> schemaProblem(MetadataTransaction transaction, String id) {
    try {
      checkSchemas(transaction, id);
      return Optional.empty();
    } catch (StarfireException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static void checkSchemas(MetadataTransaction transaction, String id) {
    transaction
        .publications()
        .schemas(id)
        .forEach(schema -> DataSources.checkPublished(transaction, schema));
  }

  private Optional<String> obstacle(
      PublicationRow row, List<SegmentDescriptor> segments, View current, String loadProblem) {
    long files = segments.stream().filter(segment -> !segment.tombstone()).count();
    long loaded = loadedCount(segments);
    if (loaded < files) {
      return Optional.of(
          "%d of %d segments are loaded%s"
              .formatted(loaded, files, loadProblem.isEmpty() ? "" : "; " + loadProblem));
    }
    if (row.acceptLoss()) {
      return Optional.empty();
    }
    return row.dataSources().stream()
        .map(
            name ->
                acceptedLoss.ofActivation(
                    current,
                    name,
                    segments.stream()
                        .filter(segment -> segment.id().dataSource().equals(name))
                        .toList()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private void note(PublicationRow row, String reason) {
    if (!row.reason().equals(reason)) {
      store.write(
          transaction -> {
            transaction.publications().setReason(row.id(), reason);
            return reason;
          });
    }
  }

  /**
   * Lets a held publication become active as soon as it can. An active one stays as it is.
   *
   * @param acceptLoss whether it may hold fewer events than what it hides
   */
  void release(String id, boolean acceptLoss) {
    store.write(
        transaction -> {
          PublicationRow row = find(transaction, id);
          if (row.state() == State.ABORTED) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "publication %s was aborted and cannot be activated; run the batch job again"
                    .formatted(id));
          }
          if (row.state() == State.ROLLED_BACK) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "publication %s was rolled back in view %d and cannot be activated again; run the batch job again, which gets a version of its own"
                    .formatted(id, row.rolledBackViewNumber()));
          }
          if (row.state() == State.STAGED) {
            transaction.publications().release(id, row.acceptLoss() || acceptLoss);
          }
          return id;
        });
  }

  void abort(String id) {
    store.write(
        transaction -> {
          PublicationRow row = find(transaction, id);
          if (row.state() == State.ACTIVE) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "publication %s is active since view %d and cannot be aborted; roll it back instead"
                    .formatted(id, row.viewNumber()));
          }
          if (row.state() == State.ROLLED_BACK) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "publication %s was rolled back in view %d, so there is nothing to abort"
                    .formatted(id, row.rolledBackViewNumber()));
          }
          transaction.publications().abort(id);
          return id;
        });
  }

  List<PublicationRow> staged() {
    return store.read(transaction -> transaction.publications().inState(State.STAGED));
  }

  /** The segments with a file of one publication. */
  List<SegmentDescriptor> files(String id) {
    return store.read(
        transaction ->
            transaction.segments().ofPublication(id).stream()
                .filter(segment -> !segment.tombstone())
                .toList());
  }

  /** The segments with a file of all staged publications. */
  List<SegmentDescriptor> stagedSegments() {
    return store.read(
        transaction ->
            transaction.publications().inState(State.STAGED).stream()
                .flatMap(row -> transaction.segments().ofPublication(row.id()).stream())
                .filter(segment -> !segment.tombstone())
                .toList());
  }

  PublicationStatus status(String id, View current) {
    return store.read(transaction -> status(transaction, find(transaction, id), current));
  }

  /**
   * The one that was registered last comes first.
   *
   * @param dataSource only of this one; all if null
   */
  List<PublicationStatus> list(String dataSource, View current) {
    if (dataSource != null && !current.dataSources().contains(dataSource)) {
      throw View.unknownDataSource(dataSource, current.dataSources());
    }
    return store.read(
        transaction ->
            transaction.publications().all().stream()
                .filter(row -> dataSource == null || row.dataSources().contains(dataSource))
                .sorted(
                    Comparator.comparingLong(PublicationRow::registeredAtMillis)
                        .thenComparing(PublicationRow::id)
                        .reversed())
                .map(row -> status(transaction, row, current))
                .toList());
  }

  private PublicationStatus status(
      MetadataTransaction transaction, PublicationRow row, View current) {
    List<SegmentDescriptor> segments = transaction.segments().ofPublication(row.id());
    return new PublicationStatus(
        row.id(),
        row.dataSources(),
        row.version(),
        row.intervals(),
        row.state(),
        row.state() == State.ACTIVE && !shows(row, current),
        row.held(),
        row.reason(),
        (int) segments.stream().filter(segment -> !segment.tombstone()).count(),
        loadedCount(segments),
        row.registeredAtMillis(),
        row.activatedAtMillis(),
        row.viewNumber(),
        row.rolledBackAtMillis(),
        row.rolledBackViewNumber());
  }

  /** Whether anything of it shows, be it a tombstone. */
  private static boolean shows(PublicationRow row, View view) {
    for (String dataSource : row.dataSources()) {
      for (Interval interval : row.intervals()) {
        if (view.lookup(dataSource, interval).stream()
            .anyMatch(piece -> piece.version().equals(row.version()))) {
          return true;
        }
      }
    }
    return false;
  }

  private int loadedCount(List<SegmentDescriptor> segments) {
    return (int)
        segments.stream()
            .filter(segment -> !segment.tombstone() && served.serves(segment.id()))
            .count();
  }

  static PublicationRow find(MetadataTransaction transaction, String id) {
    return transaction
        .publications()
        .find(id)
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.NOT_FOUND,
                    "there is no publication '%s'; GET /starfire/v1/publications lists those that there are"
                        .formatted(id)));
  }
}
