package io.starfire.serving.server;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.starfire.common.DirectoryLock;
import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.sketch.SketchLibrary;
import io.starfire.segment.storage.DeepStorage;
import io.starfire.serving.access.SignIns;
import io.starfire.serving.broker.Broker;
import io.starfire.serving.broker.Previews;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.historical.Historical;
import io.starfire.serving.http.AvaticaRoutes;
import io.starfire.serving.http.ClusterRoutes;
import io.starfire.serving.http.ConsoleFiles;
import io.starfire.serving.http.CoordinatorRoutes;
import io.starfire.serving.http.DataSourceRoutes;
import io.starfire.serving.http.DeadLetterRoutes;
import io.starfire.serving.http.HttpServer;
import io.starfire.serving.http.LookupRoutes;
import io.starfire.serving.http.ProcessRoutes;
import io.starfire.serving.http.QueryRoutes;
import io.starfire.serving.http.ReadingHealth;
import io.starfire.serving.http.RouteTable;
import io.starfire.serving.http.SqlRoutes;
import io.starfire.serving.http.StatusRoutes;
import io.starfire.serving.http.SupervisorRoutes;
import io.starfire.serving.http.TaskRoutes;
import io.starfire.serving.http.ViewRoutes;
import io.starfire.serving.inventory.Inventory;
import io.starfire.serving.jdbc.JdbcConnections;
import io.starfire.serving.realtime.RealtimeNode;
import io.starfire.serving.realtime.RealtimeSettings;
import io.starfire.serving.sql.SqlEngine;
import io.starfire.serving.sql.engine.NativeSqlEngine;
import io.starfire.serving.supervisor.SupervisorManager;
import io.starfire.serving.system.SystemTables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server with all roles in one process: coordinator, historical, broker and real-time node, with
 * the same code that a cluster runs, behind in-process calls. Started by {@code bin/starfire
 * server} and by the demo. Everything that it was told survives a restart on the same directories.
 * Thread-safe.
 */
public final class StandaloneServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StandaloneServer.class);
  private final Resources resources;
  private final HttpServer http;
  private final Optional<RealtimeNode> realtime;
  private final Loops loops;
  private final CountDownLatch closed = new CountDownLatch(1);

  private StandaloneServer(
      Resources resources, HttpServer http, Optional<RealtimeNode> realtime, Loops loops) {
    this.resources = resources;
    this.http = http;
    this.realtime = realtime;
    this.loops = loops;
  }

  /** Starts a server as a configuration says. Errors as of the other. */
  public static StandaloneServer start(StarfireConfig config) {
    return start(ServerSettings.of(config));
  }

  /**
   * Starts a server; when this returns, it answers, and has loaded what it can of what it should
   * serve.
   *
   * @throws StarfireException with CONFLICT if another server has the directory or the port,
   *     UNSUPPORTED if others can reach the host, and nobody is asked who he is, UNAVAILABLE if a
   *     directory or the metadata store cannot be used
   */
  public static StandaloneServer start(ServerSettings settings) {
    SketchLibrary.problem().ifPresent(LOG::warn);
    Resources resources = new Resources();
    boolean started = false;
    try {
      resources.add(lock(settings.dataDirectory()));
      StandaloneServer server = start(settings, resources);
      started = true;
      return server;
    } catch (ProvisionException e) {
      if (e.getCause() instanceof StarfireException known) {
        throw known;
      }
      throw DiskFull.isCauseOf(e) ? full(settings, e) : e;
    } catch (UncheckedIOException e) {
      throw DiskFull.isCauseOf(e) ? full(settings, e) : e;
    } finally {
      if (!started) {
        resources.close();
      }
    }
  }

  private static StandaloneServer start(ServerSettings settings, Resources resources) {
    Injector injector =
        Guice.createInjector(Stage.DEVELOPMENT, new ServerModule(settings, resources));
    Coordinator coordinator = injector.getInstance(Coordinator.class);
    Broker broker = injector.getInstance(Broker.class);
    Loops loops = new Loops(injector.getInstance(MeterRegistry.class));
    loops.addVital(() -> List.of(coordinator.loop()));
    Historical historical = injector.getInstance(Historical.class);
    loops.add(() -> List.of(historical.loop()));
    addGauges(injector, coordinator);
    RealtimeSlot slot = injector.getInstance(RealtimeSlot.class);
    Optional<RealtimeNode> realtime =
        settings.realtime().map(how -> resources.add(realtimeNode(injector, how)));
    realtime.ifPresent(slot::fill);
    SupervisorManager supervisors =
        resources.add(
            SupervisorManager.start(
                coordinator, realtime, injector.getInstance(InstantSource.class)));
    realtime.ifPresent(node -> loops.add(node::loops));
    loops.add(supervisors::loops);
    // What a supervisor loads is read by its spec, whoever registers its data source again.
    Consumer<DataSourceRegistration> read =
        registration -> {
          if (!supervisors.supervises(registration.schema().name())) {
            slot.add(registration);
          }
        };
    coordinator.dataSources().forEach(read);
    InstantSource clock = injector.getInstance(InstantSource.class);
    AtomicInteger port = new AtomicInteger();
    Inventory inventory =
        new Inventory(
            new Inventory.Sources(
                broker::view,
                historical::served,
                slot,
                coordinator,
                supervisors::all,
                () -> realtime.map(RealtimeNode::statuses).orElse(List.of())),
            new Inventory.Place(
                settings.host(),
                port::get,
                clock.millis(),
                settings.cacheMaxBytes(),
                realtime.isPresent()));
    SqlEngine sql =
        new NativeSqlEngine(
            broker, SystemTables.of(inventory), injector.getInstance(MeterRegistry.class), clock);
    JdbcConnections jdbc = resources.add(JdbcConnections.start(settings.jdbc(), clock));
    loops.add(jdbc::loops);
    HttpServer http =
        resources.add(
            HttpServer.start(
                settings.host(),
                settings.port(),
                settings.access(),
                SignIns.of(settings.access(), injector.getInstance(InstantSource.class)),
                List.of(
                    new QueryRoutes(broker, settings.maxRequestBytes()),
                    new AvaticaRoutes(
                        sql::prepare, jdbc, inventory.place(), settings.maxRequestBytes()),
                    new SqlRoutes(sql::prepare, sql::cancel, settings.maxRequestBytes()),
                    new DataSourceRoutes(broker, settings.maxRequestBytes()),
                    new CoordinatorRoutes(
                        coordinator,
                        broker::view,
                        new Previews(coordinator, broker),
                        settings.maxRequestBytes(),
                        new CoordinatorRoutes.Feeds(slot::remove, read)),
                    new ViewRoutes(broker::view, slot),
                    new DeadLetterRoutes(realtime),
                    new ConsoleFiles(),
                    new ProcessRoutes(version()),
                    new LookupRoutes(coordinator.lookups(), settings.maxRequestBytes()),
                    new ClusterRoutes(inventory),
                    new SupervisorRoutes(supervisors, settings.maxRequestBytes(), clock),
                    new TaskRoutes(inventory),
                    new StatusRoutes(
                        version(),
                        injector.getInstance(PrometheusMeterRegistry.class),
                        loops::all,
                        readingHealth(realtime, clock)))));
    port.set(http.port());
    UnpackingChoice.begin(injector.getInstance(MeterRegistry.class));
    return new StandaloneServer(resources, http, realtime, loops);
  }

  private static StarfireException full(ServerSettings settings, Exception cause) {
    return DiskFull.at("the data directory", settings.dataDirectory(), cause);
  }

  private static DirectoryLock lock(Path directory) {
    try {
      return DirectoryLock.take(
          directory,
          "server.lock",
          "another server is running on the data directory %s; stop it, or choose another with starfire.server.data-dir"
              .formatted(directory));
    } catch (IOException e) {
      if (DiskFull.isCauseOf(e)) {
        throw DiskFull.at("the data directory", directory, e);
      }
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the data directory %s cannot be used: %s".formatted(directory, IoFailure.reason(e)),
          e);
    }
  }

  private static void addGauges(Injector injector, Coordinator coordinator) {
    MeterRegistry metrics = injector.getInstance(MeterRegistry.class);
    Gauge.builder("starfire.view.number", () -> coordinator.view().number())
        .description("Number of the current view")
        .register(metrics);
    Historical historical = injector.getInstance(Historical.class);
    Gauge.builder("starfire.segments.served", () -> historical.served().size())
        .description("Segments that the historical serves")
        .register(metrics);
  }

  private static RealtimeNode realtimeNode(Injector injector, RealtimeSettings settings) {
    return new RealtimeNode(
        settings,
        injector.getInstance(Coordinator.class).realtime(),
        injector.getInstance(DeepStorage.class),
        injector.getInstance(MeterRegistry.class),
        injector.getInstance(InstantSource.class));
  }

  private static ReadingHealth readingHealth(Optional<RealtimeNode> realtime, InstantSource clock) {
    return realtime
        .map(node -> new ReadingHealth(node::statuses, node.settings().unhealthyAfter(), clock))
        .orElseGet(() -> new ReadingHealth(List::of, Duration.ZERO, clock));
  }

  private static String version() {
    String version = StandaloneServer.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** The port that it listens on. */
  public int port() {
    return http.port();
  }

  /** All that it answers to, and who may ask it. */
  List<RouteTable.Route> routes() {
    return http.routes();
  }

  /** The real-time node; empty if this server reads no topics. */
  public Optional<RealtimeNode> realtime() {
    return realtime;
  }

  /**
   * Waits until the server was closed, or until a thread without which it cannot do its work ended
   * by an error.
   *
   * @return whether that was within the time
   */
  public boolean awaitEnd(Duration atMost) throws InterruptedException {
    return closed.await(atMost.toMillis(), TimeUnit.MILLISECONDS) || failure() != null;
  }

  /** Why it cannot do its work; null if it can. Who runs it should end the process. */
  public StarfireException failure() {
    return loops.failure().orElse(null);
  }

  /** Stops to listen, to read topics and to answer, in this order. */
  @Override
  public void close() {
    resources.close();
    closed.countDown();
  }
}
