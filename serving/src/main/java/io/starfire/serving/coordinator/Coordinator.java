package io.starfire.serving.coordinator;

import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceFeed;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.FeedStatus;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import io.starfire.segment.storage.StoredFiles;
import io.starfire.serving.historical.SegmentHolder;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.role.LiveRows;
import io.starfire.serving.role.RealtimeCoordination;
import io.starfire.serving.role.ViewSource;
import io.starfire.serving.view.View;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The coordinator. Only it reads and writes the metadata store. It hands out versions, takes
 * publications and real-time commits, and makes the views that queries use. Its own thread has
 * segments loaded and dropped, and activates publications that are ready. Thread-safe.
 */
public final class Coordinator implements AutoCloseable {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final MetadataStore store;
  private final DataSources dataSources;
  private final DataSourceFeeds feeds;
  private final BatchVersions versions;
  private final Publications publications;
  private final RealtimeCommits commits;
  private final Rollbacks rollbacks;
  private final SegmentDuties duties;
  private final BackgroundLoop loop;
  private final Views views;
  private final Supervisors supervisors;

  private final ViewMaker maker;

  /** Held while a publication is compared and activated; taken before the lock of the views. */
  private final Lock activating = new ReentrantLock();

  private Coordinator(
      MetadataStore store,
      SegmentHolder holder,
      StoredFiles deepStorage,
      LiveRows liveRows,
      Settings settings,
      InstantSource clock) {
    this.store = store;
    ViewVariants variants = new ViewVariants(store, settings.keptViews(), clock);
    this.views = new Views(store.read(StoredViews::read), variants);
    this.maker = new ViewMaker(store, views);
    this.dataSources = new DataSources(maker, clock);
    this.feeds = new DataSourceFeeds(store, maker, clock);
    this.supervisors = new Supervisors(store, maker, clock);
    this.versions = new BatchVersions(store, clock);
    Coverage coverage = new Coverage(liveRows, settings.acceptedLoss());
    this.publications = new Publications(store, maker, holder, deepStorage, coverage, clock);
    this.commits = new RealtimeCommits(store, holder, views, maker, clock);
    this.rollbacks =
        new Rollbacks(
            store, holder, deepStorage, views, variants, coverage, activating, maker, clock);
    this.duties =
        new SegmentDuties(publications, holder, views, variants, rollbacks, activating, maker);
    this.loop =
        BackgroundLoop.named("coordinator-duties", duties::round)
            .every(settings.dutyPeriod())
            .retryAfter(settings.dutyPeriod(), LONGEST_PAUSE)
            .build();
  }

  /**
   * The settings of the coordinator.
   *
   * @param acceptedLoss which fraction of the events that it hides in a bucket a publication may
   *     lack and still become active by itself; from 0 to 1, both inclusive
   * @param dutyPeriod the longest time between two checks of what is to be loaded and dropped
   * @param keptViews how far a query may go back
   */
  public record Settings(double acceptedLoss, Duration dutyPeriod, KeptViews keptViews) {
    public static final Settings DEFAULT =
        new Settings(0.01, Duration.ofMillis(500), new KeptViews(5, Duration.ofDays(1)));

    public Settings {
      if (!(acceptedLoss >= 0 && acceptedLoss <= 1)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "starfire.server.accepted-loss must be a fraction from 0 to 1, got " + acceptedLoss);
      }
    }
  }

  /**
   * Starts a coordinator. When this returns, everything that the current view shows and that can be
   * loaded is loaded.
   *
   * @param store the caller closes it, after the coordinator
   * @param deepStorage where segments must be before they are registered
   * @param liveRows live rows, which publications are compared with
   */
  public static Coordinator start(
      MetadataStore store,
      SegmentHolder holder,
      StoredFiles deepStorage,
      LiveRows liveRows,
      Settings settings,
      InstantSource clock) {
    Coordinator coordinator =
        new Coordinator(store, holder, deepStorage, liveRows, settings, clock);
    coordinator.duties.round();
    coordinator.loop.start();
    return coordinator;
  }

  /** Where brokers get views. */
  public ViewSource viewSource() {
    return views;
  }

  /** The current view. */
  public View view() {
    return views.current();
  }

  /** The coordinator as real-time nodes use it. */
  public RealtimeCoordination realtime() {
    return commits;
  }

  /** The stored supervisors. */
  public Supervisors supervisors() {
    return supervisors;
  }

  /**
   * Registers a data source, or changes it. Registering the same again changes nothing.
   *
   * @throws StarfireException with INVALID_INPUT if it is not consistent, CONFLICT if its real-time
   *     data forbids the change
   */
  public DataSourceRegistration register(DataSourceRegistration registration) {
    return dataSources.register(registration);
  }

  /**
   * What is committed of a data source's topic.
   *
   * @throws StarfireException with NOT_FOUND
   */
  public FeedStatus feed(String dataSource) {
    return feeds.status(dataSource);
  }

  /**
   * The same, if {@link #feed(String, DataSourceFeed)} would be allowed.
   *
   * @throws StarfireException as that does
   */
  public FeedStatus feedBefore(String dataSource, DataSourceFeed feed) {
    return feeds.statusBefore(dataSource, feed);
  }

  /**
   * Changes to the topic that a stream writes since its {@code --reset}, and withdraws the rows
   * that the stream writes again. Doing the same again changes nothing. Live rows of the old topic
   * must be removed before.
   *
   * @throws StarfireException with NOT_FOUND; with CONFLICT if another stream or a supervisor feeds
   *     the data source
   */
  public FeedStatus feed(String dataSource, DataSourceFeed feed) {
    return feeds.goOver(dataSource, feed);
  }

  /** All data sources, ordered by name. */
  public List<DataSourceRegistration> dataSources() {
    View view = views.current();
    return view.dataSources().stream().map(view::registration).toList();
  }

  /**
   * A schema that a data source has or had.
   *
   * @throws StarfireException with NOT_FOUND
   */
  public DataSourceSchema schema(String dataSource, String fingerprint) {
    return store.read(
        transaction -> {
          DataSources.require(transaction, dataSource);
          return transaction
              .dataSources()
              .schema(dataSource, fingerprint)
              .orElseThrow(
                  () ->
                      new StarfireException(
                          ErrorCode.NOT_FOUND,
                          "data source '%s' never had a schema with fingerprint '%s'"
                              .formatted(dataSource, fingerprint)));
        });
  }

  /**
   * Hands out the version of a batch run. It is above every earlier version of its data sources.
   */
  public VersionResponse nextVersion(VersionRequest request) {
    return versions.next(request);
  }

  /** Registers a publication as staged. Registering the same one again returns its status. */
  public PublicationStatus register(PublicationRequest request) {
    String id = publications.register(request);
    PublicationStatus status = publication(id);
    loop.wake();
    return status;
  }

  /**
   * The state of a publication.
   *
   * @throws StarfireException with NOT_FOUND if there is no such publication
   */
  public PublicationStatus publication(String id) {
    return maker.read(() -> publications.status(id, views.current()));
  }

  /**
   * The publications, in the order of their registration.
   *
   * @param dataSource only those of this data source; null means all
   */
  public List<PublicationStatus> publications(String dataSource) {
    return maker.read(() -> publications.list(dataSource, views.current()));
  }

  /**
   * Releases a held publication, and activates it if it is ready. If it is not, the status says
   * why, and it becomes active as soon as it is ready.
   *
   * @param acceptLess whether it may hold fewer events than what it hides
   * @throws StarfireException with NOT_FOUND, or CONFLICT if it was aborted
   */
  public PublicationStatus activate(String id, boolean acceptLess) {
    publications.release(id, acceptLess);
    duties.tryActivate(publications.row(id));
    loop.wake();
    return publication(id);
  }

  /**
   * Gives up a staged publication; aborting it again is harmless.
   *
   * @throws StarfireException with NOT_FOUND, or CONFLICT if it is active
   */
  public PublicationStatus abort(String id) {
    publications.abort(id);
    loop.wake();
    return publication(id);
  }

  /**
   * Rolls back an active publication: loads what it hides, and makes that visible again. Doing it
   * again changes nothing. A rollback cannot be undone.
   *
   * @param acceptLess whether fewer events may be visible afterwards
   * @throws StarfireException with NOT_FOUND if there is no such publication; with CONFLICT if it
   *     is not active, if data that would be visible again is gone, or if fewer events would be
   *     visible; with the error of loading, if that fails
   */
  public PublicationStatus rollBack(String id, boolean acceptLess) {
    rollbacks.rollBack(id, acceptLess);
    loop.wake();
    return publication(id);
  }

  /** The state of its thread. */
  public BackgroundLoop.Status loop() {
    return loop.status();
  }

  /** Stops the thread; the metadata store stays open. */
  @Override
  public void close() {
    loop.close();
  }
}
