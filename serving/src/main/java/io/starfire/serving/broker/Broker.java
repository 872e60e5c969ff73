package io.starfire.serving.broker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.coordinator.View;
import io.starfire.serving.coordinator.Views;
import io.starfire.serving.historical.SegmentServer;
import io.starfire.serving.query.AggregateQuery;
import io.starfire.serving.query.Partial;
import io.starfire.serving.query.Query;
import io.starfire.serving.query.QueryControl;
import io.starfire.serving.query.QueryEngine;
import io.starfire.serving.query.QueryLimits;
import io.starfire.serving.query.QueryResult;
import io.starfire.serving.query.ResponseContext;
import io.starfire.serving.realtime.LiveRows;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Answers queries. A query takes the current view, or the one that it asks for, and keeps it to its
 * end; every segment and every live piece that shows in it is scanned, on a pool of threads, and
 * the partial results are merged. So each answer is that of one view: a publication that turns
 * meanwhile changes nothing in it. An answer is whole, or it is an error. Thread-safe.
 */
public final class Broker implements AutoCloseable {
  private final Views views;
  private final List<SegmentServer> servers;
  private final LiveRows liveRows;
  private final BrokerSettings settings;
  private final MeterRegistry metrics;
  private final InstantSource clock;
  private final QueryGate gate;
  private final ExecutorService scanners;

  /**
   * Starts the threads.
   *
   * @param servers that are asked for segments, in this order
   * @param clock for the time that queries take
   */
  public Broker(
      Views views,
      List<SegmentServer> servers,
      LiveRows liveRows,
      BrokerSettings settings,
      MeterRegistry metrics,
      InstantSource clock) {
    this.views = views;
    this.servers = List.copyOf(servers);
    this.liveRows = liveRows;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.gate = new QueryGate(settings.maxRunningQueries(), settings.maxQueuedQueries());
    AtomicInteger number = new AtomicInteger();
    this.scanners =
        Executors.newFixedThreadPool(
            settings.scanThreads(),
            task -> new Thread(task, "starfire-scan-" + number.incrementAndGet()));
  }

  /**
   * Answers a query.
   *
   * @throws StarfireException with NOT_FOUND for a data source and INVALID_INPUT for a column that
   *     does not exist, of {@link Views} for a view that it asks for, UNAVAILABLE if a segment that
   *     shows is served by nobody, TIMEOUT, or CAPACITY_EXCEEDED
   */
  public QueryResult run(Query query) {
    return run(query, new ResponseContext());
  }

  /**
   * As the other.
   *
   * @param response is told from which view the answer is
   */
  public QueryResult run(Query query, ResponseContext response) {
    Timer.Sample sample = Timer.start(metrics);
    String outcome = ErrorCode.INTERNAL.name();
    try {
      QueryResult result = answer(query, response);
      outcome = "OK";
      return result;
    } catch (StarfireException e) {
      outcome = e.code().name();
      throw e;
    } finally {
      sample.stop(
          Timer.builder("starfire.query.duration")
              .description("Time from a parsed query to its merged result")
              .tag("outcome", outcome)
              .register(metrics));
    }
  }

  private QueryResult answer(Query query, ResponseContext response) {
    Duration limit =
        query.context().timeoutMillis().isPresent()
            ? settings.maxTimeout()
            : settings.defaultTimeout();
    QueryControl control =
        QueryControl.start(
            clock, new QueryLimits(settings.maxGroupBytes(), limit), query.context());
    gate.enter(control);
    try (Views.Lease lease = ViewChoice.acquire(views, query, response)) {
      View view = lease.view();
      try (VisibleRows rows = VisibleRows.open(query, view, servers, liveRows)) {
        query.checkColumns(rows.columns(view.registration(query.dataSource()).schema()));
        return aggregate((AggregateQuery) query, rows, control);
      }
    } finally {
      gate.leave();
    }
  }

  private QueryResult aggregate(AggregateQuery query, VisibleRows rows, QueryControl control) {
    List<Partial> partials = scan(query, rows, control);
    Partial merged = QueryEngine.merge(query, partials, control);
    metrics.counter("starfire.query.rows.scanned").increment((double) merged.rowsScanned());
    return QueryEngine.finish(query, merged, control);
  }

  /** Returns or throws only when no thread reads the rows any more. */
  private List<Partial> scan(AggregateQuery query, VisibleRows rows, QueryControl control) {
    List<Future<Partial>> scans = new ArrayList<>();
    for (VisibleRows.Visible visible : rows.all()) {
      scans.add(scanners.submit(() -> scan(query, visible, control)));
    }
    List<Partial> partials = new ArrayList<>();
    StarfireException failure = null;
    for (Future<Partial> scan : scans) {
      try {
        partials.add(await(scan, control));
      } catch (StarfireException e) {
        control.cancel();
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return partials;
  }

  private static Partial scan(
      AggregateQuery query, VisibleRows.Visible visible, QueryControl control) {
    try {
      return QueryEngine.scan(query, visible.rows(), visible.parts(), control);
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.CORRUPT && visible.segment() != null) {
        visible.server().reportDamage(visible.segment());
        throw new StarfireException(
            ErrorCode.CORRUPT,
            "segment %s cannot be read and is being fetched again: %s"
                .formatted(visible.segment(), e.getMessage()),
            e);
      }
      throw e;
    }
  }

  /** Even an interrupted query waits for its scans to end, which being cancelled they soon do. */
  private static Partial await(Future<Partial> scan, QueryControl control) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return scan.get();
        } catch (InterruptedException e) {
          interrupted = true;
          control.cancel();
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StarfireException known) {
        throw known;
      }
      throw new StarfireException(
          ErrorCode.INTERNAL, "a scan failed with " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Ends the threads; queries that are running may fail. */
  @Override
  public void close() {
    scanners.shutdown();
  }
}
