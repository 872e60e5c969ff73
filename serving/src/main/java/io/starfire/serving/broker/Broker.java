package io.starfire.serving.broker;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.serving.query.control.Lookups;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.control.SharedMemory;
import io.starfire.serving.query.exec.GlobalIdCache;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.metadata.SegmentAnalysis;
import io.starfire.serving.query.metadata.SegmentAnalyzer;
import io.starfire.serving.query.metadata.TimeBoundary;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.GroupByQuery;
import io.starfire.serving.query.model.MetadataQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.model.SearchQuery;
import io.starfire.serving.query.model.SegmentMetadataQuery;
import io.starfire.serving.query.model.TimeseriesQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.result.Answer;
import io.starfire.serving.query.result.BySegment;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.result.ResultBuilder;
import io.starfire.serving.query.result.RollupWarning;
import io.starfire.serving.query.result.SearchHits;
import io.starfire.serving.query.result.Subtotals;
import io.starfire.serving.query.run.PartialCache;
import io.starfire.serving.query.run.QueryResources;
import io.starfire.serving.query.run.QueryRun;
import io.starfire.serving.query.run.ScanPool;
import io.starfire.serving.query.run.SpillSpace;
import io.starfire.serving.query.scan.ScanAnswer;
import io.starfire.serving.query.source.QueryRows;
import io.starfire.serving.query.source.RowOpener;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LookupSource;
import io.starfire.serving.role.SegmentNode;
import io.starfire.serving.role.ViewSource;
import io.starfire.serving.timeline.TimelineObject;
import io.starfire.serving.view.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * Answers queries. A query takes the current view, or the one that it asks for, and keeps it to its
 * end. It reads every segment and every live piece that is visible in that view. A publication that
 * becomes active meanwhile does not change the answer. An answer is complete, or it is an error.
 * Thread-safe.
 *
 * <p>Queries that aggregate, and those about metadata, are scanned on a pool of threads, and the
 * partial results are merged. The rows of a scan are read by the thread that writes them, a block
 * at a time: a slow client slows the reading, and nothing piles up in memory. A query occupies one
 * of the places of running queries while it reads rows, but not while a client takes the answer.
 */
public final class Broker implements AutoCloseable {
  /** As a subscriber of views. */
  private static final String NAME = "broker";

  private final ViewReplica views;
  private final List<SegmentNode> nodes;
  private final LiveNode live;
  private final LookupReplica lookups;
  private final BrokerSettings settings;
  private final MeterRegistry metrics;
  private final InstantSource clock;
  private final QueryGate gate;
  private final RunningQueries running = new RunningQueries();
  private final SharedMemory memory = SharedMemory.ofHeap();
  private final QueryResources resources;
  private final AnswerCache answers;

  /**
   * Starts the threads, and follows the views.
   *
   * @param views of the coordinator
   * @param nodes that are asked for segments, in this order
   * @param live the node that is asked for live rows
   * @param lookups that queries may name
   * @param clock measures the time that queries take
   */
  public Broker(
      ViewSource views,
      List<SegmentNode> nodes,
      LiveNode live,
      LookupSource lookups,
      BrokerSettings settings,
      MeterRegistry metrics,
      InstantSource clock) {
    this.views = new ViewReplica(NAME, views);
    this.nodes = List.copyOf(nodes);
    this.live = live;
    this.lookups = new LookupReplica(lookups);
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.gate =
        new QueryGate(settings.maxRunningQueries(), settings.maxQueuedQueries(), settings.lanes());
    SpillSpace space =
        settings
            .spill()
            .map(spill -> new SpillSpace(spill.directory(), spill.maxBytes(), spill.atBytes()))
            .orElseGet(SpillSpace::none);
    this.resources =
        new QueryResources(
            new ScanPool(settings.scanThreads()),
            space,
            new PartialCache(settings.caches().partialBytes()),
            new GlobalIdCache(settings.caches().globalIdBytes()));
    this.answers = new AnswerCache(settings.caches().answerBytes());
    BrokerMetrics.bind(metrics, resources, answers);
  }

  /**
   * Answers a query whose whole answer is in memory: any but a scan and a segmentMetadata.
   *
   * @throws StarfireException as {@link #answer}
   */
  public QueryResult run(Query query) {
    return run(query, new ResponseContext());
  }

  /**
   * The same as {@link #run(Query)}.
   *
   * @param response receives the number of the view
   */
  public QueryResult run(Query query, ResponseContext response) {
    try {
      return answer(query, UUID.randomUUID().toString(), response, answer -> (QueryResult) answer);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Answers a query.
   *
   * @param id by which the query can be cancelled, until the reader returns
   * @param response receives the number of the view, before the reader is called
   * @param reader reads the answer
   * @throws StarfireException with NOT_FOUND if the data source does not exist; INVALID_INPUT if a
   *     column does not exist; UNAVAILABLE if no server has a visible segment; CORRUPT, TIMEOUT,
   *     CANCELED or CAPACITY_EXCEEDED; for the view that it asks for, as {@link ViewReplica}. The
   *     error of a scan may come while its answer is read.
   * @throws IOException if the reader does
   */
  public <T> T answer(Query query, String id, ResponseContext response, AnswerReader<T> reader)
      throws IOException {
    Timer.Sample sample = Timer.start(metrics);
    String outcome = ErrorCode.INTERNAL.name();
    try {
      T result = admitted(query, id, response, reader);
      outcome = "OK";
      return result;
    } catch (StarfireException e) {
      outcome = e.code().name();
      throw e;
    } catch (IOException e) {
      outcome = ErrorCode.CANCELED.name();
      throw e;
    } finally {
      sample.stop(
          Timer.builder("starfire.query.duration")
              .description(
                  "Time from a parsed query to its answer, a scan's being written included")
              .tag("outcome", outcome)
              .register(metrics));
    }
  }

  /**
   * Begins several queries that answer one question together. The caller closes the session.
   *
   * @param context of all of them
   * @param id by which they can be cancelled, until the session is closed
   */
  public QuerySession open(QueryContext context, String id) {
    QueryControl control = control(context);
    return new QuerySession(
        views, gate, resources, new SessionParts(), context, control, running.add(id, control));
  }

  private final class SessionParts implements QuerySession.Parts {
    @Override
    public RowOpener opener(Query query, View view, QueryRun run) {
      return Broker.this.opener(query, view, run);
    }

    @Override
    public QueryResult answer(AggregateQuery query, QueryRows rows, QueryRun run) {
      return (QueryResult) keptOrNew(query, rows, run);
    }

    @Override
    public void countRows(long scanned) {
      Broker.this.countRows(scanned);
    }
  }

  /** The lookups that new queries may name. */
  public Lookups lookups() {
    return lookups.current();
  }

  /**
   * Cancels the queries with an id; they soon end with CANCELED. Does nothing if there are none.
   */
  public void cancel(String id) {
    int unused = running.cancel(id);
  }

  /** As {@link #cancel}; false if there are none. */
  public boolean cancelRunning(String id) {
    return running.cancel(id) > 0;
  }

  /** Memory that running queries hold, as the engine estimates it. */
  public long usedBytes() {
    return memory.usedBytes();
  }

  /** The view that new queries use, unless they ask for another one. */
  public View view() {
    return views.current();
  }

  /**
   * The segments of tables that a query would read in the current view.
   *
   * @throws StarfireException with NOT_FOUND if there is no such table
   */
  public List<SegmentDescriptor> candidates(Query query) {
    Set<SegmentDescriptor> found = new LinkedHashSet<>();
    View view = views.current();
    for (String table : query.dataSource().tables()) {
      DataSourceRegistration unused = view.registration(table);
      for (Interval interval : query.intervals()) {
        for (TimelineObject<SegmentDescriptor> piece : view.lookup(table, interval)) {
          piece.objects().stream().filter(one -> !one.tombstone()).forEach(found::add);
        }
      }
    }
    return List.copyOf(found);
  }

  /**
   * The registration of a data source.
   *
   * @param publication as if this staged one were active; empty means as it is
   * @throws StarfireException as for a query that names the publication
   */
  DataSourceRegistration registration(String dataSource, Optional<String> publication) {
    try (ViewReplica.Lease lease =
        publication.isPresent()
            ? views.acquireStaged(dataSource, publication.get())
            : views.acquire()) {
      return lease.view().registration(dataSource);
    }
  }

  private QueryControl control(QueryContext context) {
    Duration limit =
        context.timeoutMillis().isPresent() ? settings.maxTimeout() : settings.defaultTimeout();
    return QueryControl.start(
            clock, new QueryLimits(settings.maxMemoryBytes(), limit), context, memory)
        .with(lookups.current());
  }

  private <T> T admitted(Query query, String id, ResponseContext response, AnswerReader<T> reader)
      throws IOException {
    QueryControl control = control(query.context());
    QueryGate.Place place = new QueryGate.Place(query.context().priority(), query.context().lane());
    try (RunningQueries.Registration held = control::releaseAll;
        RunningQueries.Registration registered = running.add(id, control);
        QueryRun run = new QueryRun(control, resources, query.context())) {
      Answer whole;
      try (QueryGate.Turn turn = gate.enter(place, control);
          ViewReplica.Lease lease = ViewChoice.acquire(views, query, response);
          QueryRows rows = opener(query, lease.view(), run).open()) {
        RollupWarning.of(query, rows.sources())
            .ifPresent(warning -> response.put(ResponseContext.WARNINGS, List.of(warning)));
        if (query instanceof ScanQuery scan) {
          ScanAnswer answer =
              new ScanAnswer(scan, rows.columns(), rows.sources(), control, rows::failed);
          T result = reader.read(new TurnTakingAnswer(answer, turn, control));
          countRows(answer.rowsScanned());
          return result;
        }
        whole =
            query.context().bySegment() ? bySegment(query, rows, run) : keptOrNew(query, rows, run);
      }
      // A slow reader holds neither a place of the running queries nor rows.
      return reader.read(whole);
    }
  }

  /** What an earlier query with the same answer left, or the answer. */
  private Answer keptOrNew(Query query, QueryRows rows, QueryRun run) {
    boolean uses = answers.isUsable() && query.context().useCache();
    boolean populates = answers.isUsable() && query.context().populateCache();
    AnswerKey key =
        (uses || populates) && rows instanceof VisibleRows table && !table.hasLiveRows()
            ? AnswerKey.of(
                query, table.immutableParts(), table.schema(), run.control().lookups().number())
            : null;
    Answer kept = key != null && uses ? answers.get(key) : null;
    if (kept != null) {
      return kept;
    }
    Answer made = answer(query, rows, run);
    if (key != null && populates) {
      answers.put(key, made);
    }
    return made;
  }

  private RowOpener opener(Query query, View view, QueryRun run) {
    return new RowOpener(
        query,
        (table, intervals) -> VisibleRows.open(table, intervals, view, nodes, live),
        run,
        (inner, rows, part) -> (QueryResult) answer(inner, rows, part));
  }

  private Answer bySegment(Query query, QueryRows rows, QueryRun run) {
    List<BySegment.Part> parts = new ArrayList<>();
    for (QueryRows.Visible visible : rows.showingIn(query.intervals())) {
      parts.add(
          new BySegment.Part(
              visible.source().id(),
              visible.source().interval(),
              answer(query, rows.only(visible), run)));
    }
    return new BySegment(parts);
  }

  private Answer answer(Query query, QueryRows rows, QueryRun run) {
    if (query instanceof SearchQuery search) {
      return search(search, rows, run);
    }
    if (query instanceof GroupByQuery groupBy) {
      return Subtotals.answer(
          groupBy,
          run.control(),
          (one, part) -> ResultBuilder.finish(one, merged(one, rows, run.with(part)), part));
    }
    if (query instanceof TimeseriesQuery timeseries) {
      List<Interval> shown = rows.shownIn(timeseries.intervals());
      timeseries.checkBuckets(shown);
      return ResultBuilder.finish(timeseries, shown, merged(timeseries, rows, run), run.control());
    }
    return query instanceof AggregateQuery aggregate
        ? ResultBuilder.finish(aggregate, merged(aggregate, rows, run), run.control())
        : metadata((MetadataQuery) query, rows, run);
  }

  private Answer search(SearchQuery query, QueryRows rows, QueryRun run) {
    SearchHits hits = new SearchHits(query, run.control());
    for (GroupByQuery counts : query.counts(rows.dimensions())) {
      if (hits.isFull()) {
        break;
      }
      QueryControl part = run.control().part();
      if (!walked(hits, counts, rows, part)) {
        hits.add(counts, merged(counts, rows, run.with(part)), part);
      }
      part.releaseAll();
    }
    return hits.answer();
  }

  private static boolean walked(
      SearchHits hits, GroupByQuery counts, QueryRows rows, QueryControl part) {
    try {
      return hits.walk(counts, rows.sources(), part);
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.CORRUPT) {
        throw e;
      }
      // The scan finds the damage too, and knows which segment has it.
      return false;
    }
  }

  private Partial merged(AggregateQuery query, QueryRows rows, QueryRun run) {
    Partial merged = rows.scan(query, true, run);
    countRows(merged.rowsScanned());
    return merged;
  }

  private Answer metadata(MetadataQuery query, QueryRows rows, QueryRun run) {
    QueryControl control = run.control();
    if (query instanceof SegmentMetadataQuery segments) {
      return SegmentAnalysis.answer(
          segments,
          each(
              rows.showingIn(query.intervals()),
              source -> SegmentAnalyzer.analyze(segments, source, control),
              run));
    }
    return TimeBoundary.merge(
            each(rows.all(), source -> TimeBoundary.scan(query, source, control), run))
        .answer(query);
  }

  private static <T> List<T> each(
      List<QueryRows.Visible> rows, Function<RowSource, T> read, QueryRun run) {
    List<Callable<T>> reads = new ArrayList<>();
    for (QueryRows.Visible visible : rows) {
      reads.add(
          () -> {
            try {
              return read.apply(visible.source());
            } catch (StarfireException e) {
              throw visible.onFailure().apply(e);
            }
          });
    }
    return run.all(reads);
  }

  private void countRows(long scanned) {
    metrics.counter("starfire.query.rows.scanned").increment((double) scanned);
  }

  /** Ends the threads; queries that are running may fail. */
  @Override
  public void close() {
    views.close();
    resources.close();
  }
}
