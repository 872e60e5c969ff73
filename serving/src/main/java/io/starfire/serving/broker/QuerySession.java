package io.starfire.serving.broker;

import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.Query;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.model.ScanQuery;
import io.starfire.serving.query.result.QueryResult;
import io.starfire.serving.query.result.ResponseContext;
import io.starfire.serving.query.run.QueryResources;
import io.starfire.serving.query.run.QueryRun;
import io.starfire.serving.query.scan.ScanColumn;
import io.starfire.serving.query.scan.ScanReader;
import io.starfire.serving.query.source.QueryRows;
import io.starfire.serving.query.source.RowOpener;
import io.starfire.serving.view.View;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several queries that answer one question together. They see one view, and share one deadline, one
 * account of memory and one id. For example, a statement of SQL joins the rows of a scan with the
 * groups of a groupBy. A query occupies a place of the running queries only while it reads rows.
 * Used by one thread at a time.
 */
public final class QuerySession implements AutoCloseable {
  /** What the broker has for all queries. */
  interface Parts {
    RowOpener opener(Query query, View view, QueryRun run);

    QueryResult answer(AggregateQuery query, QueryRows rows, QueryRun run);

    void countRows(long scanned);
  }

  private final ViewReplica views;
  private final QueryGate gate;
  private final QueryResources resources;
  private final Parts parts;
  private final QueryContext context;
  private final QueryControl control;
  private final RunningQueries.Registration registration;
  private final ResponseContext response = new ResponseContext();
  private final List<Rows> open = new ArrayList<>();
  private ViewReplica.@Nullable Lease lease;
  private boolean closed;

  QuerySession(
      ViewReplica views,
      QueryGate gate,
      QueryResources resources,
      Parts parts,
      QueryContext context,
      QueryControl control,
      RunningQueries.Registration registration) {
    this.views = views;
    this.gate = gate;
    this.resources = resources;
    this.parts = parts;
    this.context = context;
    this.control = control;
    this.registration = registration;
  }

  /** The reins of all its queries together. */
  public QueryControl control() {
    return control;
  }

  /** What is said besides the rows, such as the number of the view, once a query has run. */
  public ResponseContext response() {
    return response;
  }

  /**
   * Answers a query that aggregates. The memory of its rows is held until the session is closed.
   *
   * @throws StarfireException as {@link Broker#answer}
   */
  public QueryResult run(AggregateQuery query) {
    QueryControl working = control.part();
    try (QueryRun run = new QueryRun(working, resources, context);
        QueryGate.Turn turn = gate.enter(place(), control);
        QueryRows rows = parts.opener(query, view(query), run).open()) {
      return parts.answer(query, rows, run);
    } finally {
      working.releaseAll();
    }
  }

  /**
   * Opens the rows of a scan.
   *
   * @throws StarfireException as {@link Broker#answer}
   */
  public Rows scan(ScanQuery query) {
    QueryRun run = new QueryRun(control, resources, context);
    QueryGate.Turn turn = gate.enter(place(), control);
    boolean whole = false;
    try {
      Rows rows = new Rows(query, parts.opener(query, view(query), run).open(), turn, run);
      turn.pause();
      open.add(rows);
      whole = true;
      return rows;
    } finally {
      if (!whole) {
        turn.close();
        run.close();
      }
    }
  }

  private QueryGate.Place place() {
    return new QueryGate.Place(context.priority(), context.lane());
  }

  private View view(Query query) {
    ViewReplica.Lease held = lease;
    if (held == null) {
      held = ViewChoice.acquire(views, query, response);
      lease = held;
    }
    return held.view();
  }

  /** The rows of a scan that is open. Used by one thread at a time. */
  public final class Rows implements AutoCloseable {
    /** How many rows are read in one turn. */
    private static final int ROWS_OF_A_TURN = 1024;

    private final QueryRows rows;
    private final QueryGate.Turn turn;
    private final QueryRun run;
    private final ScanReader reader;
    private boolean ended;

    private Rows(ScanQuery query, QueryRows rows, QueryGate.Turn turn, QueryRun run) {
      this.rows = rows;
      this.turn = turn;
      this.run = run;
      this.reader = new ScanReader(query, rows.columns(), rows.sources(), control, rows::failed);
    }

    /** The names of the columns of each row. */
    public List<String> columns() {
      return reader.columns().stream().map(ScanColumn::name).toList();
    }

    /** The next rows, as those of {@link ScanReader#next}; none at the end. */
    public List<@Nullable Object[]> next() {
      List<@Nullable Object[]> read = new ArrayList<>();
      if (ended) {
        return read;
      }
      control.check();
      turn.resume(control);
      try {
        while (read.size() < ROWS_OF_A_TURN) {
          @Nullable Object[] row = reader.next();
          if (row == null) {
            close();
            break;
          }
          read.add(row);
        }
      } finally {
        turn.pause();
      }
      return read;
    }

    @Override
    public void close() {
      if (!ended) {
        ended = true;
        open.remove(this);
        parts.countRows(reader.rowsScanned());
        turn.close();
        rows.close();
        run.close();
      }
    }
  }

  /** Lets go of the view, of rows and of memory. Does nothing the second time. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      List.copyOf(open).forEach(Rows::close);
    } finally {
      ViewReplica.Lease held = lease;
      try {
        if (held != null) {
          held.close();
        }
      } finally {
        registration.close();
        control.releaseAll();
      }
    }
  }
}
