package io.starfire.serving.query.control;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.model.QueryContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The reins of one running query: its deadline, its limits, and a flag that cancels it. The engine
 * looks at them before each block of rows. Thread-safe.
 */
public final class QueryControl {
  private final InstantSource clock;
  private final QueryLimits limits;
  private final Duration timeout;
  private final Instant deadline;
  private final AtomicBoolean canceled;
  private final MemoryAccount memory;
  private final Lookups lookups;

  private QueryControl(
      InstantSource clock,
      QueryLimits limits,
      Duration timeout,
      Instant deadline,
      AtomicBoolean canceled,
      MemoryAccount memory,
      Lookups lookups) {
    this.clock = clock;
    this.limits = limits;
    this.timeout = timeout;
    this.deadline = deadline;
    this.canceled = canceled;
    this.memory = memory;
    this.lookups = lookups;
  }

  /**
   * Starts the time of a query.
   *
   * @param context whose timeout counts, if it is not above that of the limits
   */
  public static QueryControl start(InstantSource clock, QueryLimits limits, QueryContext context) {
    return start(clock, limits, context, new SharedMemory(Long.MAX_VALUE));
  }

  /**
   * As the other.
   *
   * @param shared by all queries; what this one holds is given back by {@link #releaseAll}
   */
  public static QueryControl start(
      InstantSource clock, QueryLimits limits, QueryContext context, SharedMemory shared) {
    requireNonNull(clock, "clock");
    long asked = context.timeoutMillis().orElse(limits.timeout().toMillis());
    Duration timeout = Duration.ofMillis(Math.min(asked, limits.timeout().toMillis()));
    return new QueryControl(
        clock,
        limits,
        timeout,
        clock.instant().plus(timeout),
        new AtomicBoolean(),
        shared.account().part(limits.maxMemoryBytes()),
        Lookups.NONE);
  }

  /**
   * The same query, with its deadline and its flag, whose memory is counted apart too: {@link
   * #releaseAll} gives back what this part of the query holds.
   */
  public QueryControl part() {
    return part(Long.MAX_VALUE);
  }

  /** As the other, of a part that may not hold more than so many bytes. */
  public QueryControl part(long mostBytes) {
    return new QueryControl(
        clock, limits, timeout, deadline, canceled, memory.part(mostBytes), lookups);
  }

  /** The same query, which may name lookups. */
  public QueryControl with(Lookups known) {
    return new QueryControl(clock, limits, timeout, deadline, canceled, memory, known);
  }

  /** The lookups that the query may name. */
  public Lookups lookups() {
    return lookups;
  }

  /** Makes the query end with CANCELED at its next block. */
  public void cancel() {
    canceled.set(true);
  }

  public QueryLimits limits() {
    return limits;
  }

  /** When the query must have ended. */
  public Instant deadline() {
    return deadline;
  }

  /**
   * Returns if the query may go on.
   *
   * @throws StarfireException with CANCELED if the query was cancelled; with TIMEOUT if its time is
   *     over
   */
  public void check() {
    if (canceled.get()) {
      throw new StarfireException(ErrorCode.CANCELED, "the query was cancelled");
    }
    if (clock.instant().isAfter(deadline)) {
      throw new StarfireException(
          ErrorCode.TIMEOUT,
          "the query took longer than its limit of %d ms; ask for a shorter interval or set context.timeout (at most %d ms here)"
              .formatted(timeout.toMillis(), limits.timeout().toMillis()));
    }
  }

  /**
   * Takes memory for rows that a scan orders.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if the query has no room for it
   */
  public void reserveForRows(long bytes) {
    memory.reserve(
        bytes,
        "to order the rows of a scan by time, use a shorter interval, fewer columns, a filter or"
            + " order none");
  }

  /**
   * Takes memory for groups, and for what is made of them.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if the query has no room for it
   */
  public void reserveForGroups(long bytes) {
    memory.reserve(
        bytes, "use fewer dimensions, a coarser granularity, a filter or a shorter interval");
  }

  /**
   * Takes memory for what expressions compute.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if the query has no room for it
   */
  public void reserveForExpressions(long bytes) {
    memory.reserve(bytes, "use shorter or fewer expressions, a filter or a shorter interval");
  }

  /**
   * Takes memory for rows that are held above native queries.
   *
   * @throws StarfireException with CAPACITY_EXCEEDED if the query has no room for it
   */
  public void reserveAbove(long bytes) {
    memory.reserve(
        bytes,
        "rows that a statement joins, orders or windows are held in memory: use a filter, a limit,"
            + " fewer columns or a shorter interval");
  }

  /** Gives memory back. */
  public void release(long bytes) {
    memory.release(bytes);
  }

  /** Gives all memory back that is held. */
  public void releaseAll() {
    memory.releaseAll();
  }

  /** Bytes that can still be taken. */
  public long freeBytes() {
    return memory.freeBytes();
  }

  /** Bytes that are held. */
  public long usedBytes() {
    return memory.usedBytes();
  }
}
