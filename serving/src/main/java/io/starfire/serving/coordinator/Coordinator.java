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
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.role.CoordinatorApi;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.RealtimeCoordination;
import io.starfire.serving.role.SegmentNode;
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
public final class Coordinator implements CoordinatorApi, AutoCloseable {
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
  private final Lookups lookups;

  private final ViewMaker maker;
  private final HandOffs handOffs;

  /** Held while a publication is compared and activated; taken before the lock of the views. */
  private final Lock activating = new ReentrantLock();

  private Coordinator(
      MetadataStore store,
      SegmentNode node,
      StoredFiles deepStorage,
      LiveNode live,
      Settings settings,
      InstantSource clock) {
    this.store = store;
    ViewVariants variants = new ViewVariants(store, settings.keptViews(), clock);
    this.views = new Views(store.read(StoredViews::read), variants);
    this.maker = new ViewMaker(store, views);
    this.dataSources = new DataSources(maker, clock);
    this.feeds = new DataSourceFeeds(store, maker, clock);
    this.supervisors = new Supervisors(store, maker, clock);
    this.lookups = new Lookups(store);
    this.versions = new BatchVersions(store, clock);
    ServedSegments served = new ServedSegments(node);
    this.handOffs = new HandOffs(views, served);
    AcceptedLoss acceptedLoss = new AcceptedLoss(live, settings.acceptedLoss());
    this.publications = new Publications(store, maker, served, deepStorage, acceptedLoss, clock);
    this.commits = new RealtimeCommits(store, served, handOffs, views, maker, clock);
    this.rollbacks =
        new Rollbacks(
            store, served, deepStorage, views, variants, acceptedLoss, activating, maker, clock);
    this.duties =
        new SegmentDuties(
            publications, served, handOffs, views, variants, rollbacks, activating, maker);
    this.loop =
        BackgroundLoop.named("coordinator-duties", duties::round)
            .every(settings.dutyPeriod())
            .retryAfter(settings.dutyPeriod(), LONGEST_PAUSE)
            .build();
    served.onChange(loop::wake);
    views.onProgress(loop::wake);
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
   * @param node that serves segments
   * @param live whose rows publications are compared with
   */
  public static Coordinator start(
      MetadataStore store,
      SegmentNode node,
      StoredFiles deepStorage,
      LiveNode live,
      Settings settings,
      InstantSource clock) {
    Coordinator coordinator = new Coordinator(store, node, deepStorage, live, settings, clock);
    coordinator.duties.firstRound();
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

  /** The lookups that queries may name. */
  public Lookups lookups() {
    return lookups;
  }

  @Override
  public DataSourceRegistration register(DataSourceRegistration registration) {
    return dataSources.register(registration);
  }

  @Override
  public FeedStatus feed(String dataSource) {
    return feeds.status(dataSource);
  }

  @Override
  public FeedStatus feedBefore(String dataSource, DataSourceFeed feed) {
    return feeds.statusBefore(dataSource, feed);
  }

  @Override
  public FeedStatus feed(String dataSource, DataSourceFeed feed) {
    return feeds.goOver(dataSource, feed);
  }

  @Override
  public List<DataSourceRegistration> dataSources() {
    View view = views.current();
    return view.dataSources().stream().map(view::registration).toList();
  }

  @Override
  public DataSourceRegistration dataSource(String name) {
    return views.current().registration(name);
  }

  @Override
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

  @Override
  public VersionResponse nextVersion(VersionRequest request) {
    return versions.next(request);
  }

  @Override
  public PublicationStatus register(PublicationRequest request) {
    String id = publications.register(request);
    PublicationStatus status = publication(id);
    loop.wake();
    return status;
  }

  @Override
  public PublicationStatus publication(String id) {
    return maker.read(() -> publications.status(id, views.current()));
  }

  @Override
  public List<PublicationStatus> publications(String dataSource) {
    return maker.read(() -> publications.list(dataSource, views.current()));
  }

  @Override
  public PublicationStatus activate(String id, boolean acceptLoss) {
    publications.release(id, acceptLoss);
    duties.tryActivate(publications.row(id));
    loop.wake();
    return publication(id);
  }

  @Override
  public PublicationStatus abort(String id) {
    publications.abort(id);
    loop.wake();
    return publication(id);
  }

  @Override
  public PublicationStatus rollBack(String id, boolean acceptLoss) {
    rollbacks.rollBack(id, acceptLoss);
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
    handOffs.close();
  }
}
