package io.starfire.serving.query.scan;

import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.ScanQuery;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The rows of several sources, one after the other. Not thread-safe. */
interface RowFeed {
  /** A cursor at the next row, valid until the next call; null at the end. */
  @Nullable RowCursor next();

  /** Rows that were looked at so far. */
  long rowsScanned();

  /**
   * The rows of a scan, in its order; its offset and limit are up to the caller.
   *
   * @param columns that are asked for
   * @param onFailure makes the exception that says which source could not be read
   */
  static RowFeed of(
      ScanQuery query,
      List<ScanColumn> columns,
      List<RowSource> sources,
      QueryControl control,
      BiFunction<RowSource, StarfireException, StarfireException> onFailure) {
    RowCursor.Settings settings =
        new RowCursor.Settings(
            query.filter(), query.intervals(), columns, query.virtualColumns(), control, onFailure);
    return query.order() == ScanQuery.Order.NONE
        ? inTurn(sources, settings)
        : byTime(sources, settings, query.order() == ScanQuery.Order.DESCENDING);
  }

  /** Source by source. */
  static RowFeed inTurn(List<RowSource> sources, RowCursor.Settings settings) {
    return new InTurn(sources, settings);
  }

  /** In the order of time over all sources. */
  static RowFeed byTime(List<RowSource> sources, RowCursor.Settings settings, boolean descending) {
    return new ByTime(sources, settings, descending);
  }

  /** Source by source. */
  final class InTurn implements RowFeed {
    private final RowCursor.Settings settings;
    private final Deque<RowSource> waiting;
    private @Nullable RowCursor current;
    private long rowsScanned;

    private InTurn(List<RowSource> sources, RowCursor.Settings settings) {
      this.settings = settings;
      this.waiting = new ArrayDeque<>(sources);
    }

    @Override
    public @Nullable RowCursor next() {
      while (current == null || !current.next()) {
        rowsScanned += current == null ? 0 : current.rowsScanned();
        current = null;
        if (waiting.isEmpty()) {
          return null;
        }
        current = RowCursor.stored(waiting.poll(), settings, false);
      }
      return current;
    }

    @Override
    public long rowsScanned() {
      return rowsScanned + (current == null ? 0 : current.rowsScanned());
    }
  }

  /**
   * A merge of cursors that each go by time. A source is opened when the time has come that its
   * first row may have, and let go after its last, so that memory is held for those sources only
   * that overlap in time. Equal times come in the order of the sources.
   */
  final class ByTime implements RowFeed {
    /**
     * @param number among the sources
     */
    private record Open(RowCursor cursor, int number, long bytes) {}

    /**
     * @param bestMillis the first time, in the order asked for, that a row of it may have
     */
    private record Waiting(RowSource source, int number, long bestMillis) {}

    private final RowCursor.Settings settings;
    private final boolean descending;
    private final Deque<Waiting> waiting;
    private final PriorityQueue<Open> open;
    private @Nullable Open current;
    private long rowsScanned;

    private ByTime(List<RowSource> sources, RowCursor.Settings settings, boolean descending) {
      this.settings = settings;
      this.descending = descending;
      List<Waiting> all = new ArrayList<>();
      for (RowSource source : sources) {
        long best =
            descending
                ? source.rows().timeRange().endMillis() - 1
                : source.rows().timeRange().startMillis();
        all.add(new Waiting(source, all.size(), best));
      }
      Comparator<Long> times = descending ? Comparator.reverseOrder() : Comparator.naturalOrder();
      all.sort(Comparator.comparing(Waiting::bestMillis, times));
      this.waiting = new ArrayDeque<>(all);
      this.open =
          new PriorityQueue<>(
              Comparator.comparing((Open one) -> one.cursor.timeMillis(), times)
                  .thenComparingInt(Open::number));
    }

    @Override
    public @Nullable RowCursor next() {
      if (current != null) {
        advance(current);
        current = null;
      }
      while (!waiting.isEmpty() && (open.isEmpty() || isDue(waiting.peek()))) {
        openNext();
      }
      current = open.poll();
      return current == null ? null : current.cursor;
    }

    private boolean isDue(Waiting next) {
      long first = open.peek().cursor.timeMillis();
      return descending ? next.bestMillis >= first : next.bestMillis <= first;
    }

    private void openNext() {
      Waiting next = waiting.poll();
      RowCursor cursor = RowCursor.byTime(next.source, settings, descending);
      if (cursor.next()) {
        long held = cursor.bytes();
        settings.control().reserveForRows(held);
        open.add(new Open(cursor, next.number, held));
      } else {
        rowsScanned += cursor.rowsScanned();
      }
    }

    private void advance(Open one) {
      if (one.cursor.next()) {
        open.add(one);
      } else {
        settings.control().release(one.bytes);
        rowsScanned += one.cursor.rowsScanned();
      }
    }

    @Override
    public long rowsScanned() {
      long scanned = rowsScanned;
      for (Open one : open) {
        scanned += one.cursor.rowsScanned();
      }
      return scanned + (current == null ? 0 : current.cursor.rowsScanned());
    }
  }
}
