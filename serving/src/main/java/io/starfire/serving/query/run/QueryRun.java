package io.starfire.serving.query.run;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.exec.GlobalIdCache;
import io.starfire.serving.query.model.QueryContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one query has in this process: its reins and its share of the threads. What the threads do
 * for it has ended when a method of this package returns or throws, so that rows may be closed
 * then. Used by one thread, which waits for the others.
 */
public final class QueryRun implements AutoCloseable {
  /** How often one who waits looks whether the query was cancelled or its time is over. */
  private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

  private final QueryControl control;
  private final QueryResources resources;
  private final QueryContext context;
  private final ScanPool.Share share;
  private final List<SpillRun> spilled;

  /** Rows of a part, if they are given; else 0. */
  private final int rowsOfPart;

  /**
   * @param context says how urgent the query is, and whether it uses caches
   */
  public QueryRun(QueryControl control, QueryResources resources, QueryContext context) {
    this(
        control,
        resources,
        context,
        resources.threads().share(context.priority()),
        new ArrayList<>(),
        0);
  }

  private QueryRun(
      QueryControl control,
      QueryResources resources,
      QueryContext context,
      ScanPool.Share share,
      List<SpillRun> spilled,
      int rowsOfPart) {
    this.control = control;
    this.resources = resources;
    this.context = context;
    this.share = share;
    this.spilled = spilled;
    this.rowsOfPart = rowsOfPart;
  }

  /** The same query on the account of a part of it. What was spilled is that of the whole. */
  public QueryRun with(QueryControl part) {
    return new QueryRun(part, resources, context, share, spilled, rowsOfPart);
  }

  /** The same, which cuts row sets into parts of at most so many rows, whatever its groups. */
  public QueryRun withPartsOf(int rows) {
    return new QueryRun(control, resources, context, share, spilled, rows);
  }

  /** Rows of a part; 0 if the groups decide. */
  int rowsOfPart() {
    return rowsOfPart;
  }

  public QueryControl control() {
    return control;
  }

  int threads() {
    return resources.threads().threads();
  }

  ScanPool.Share share() {
    return share;
  }

  /**
   * Does all of this on the threads; returns the results in order. If something fails, the query is
   * cancelled, and the first failure is thrown.
   */
  public <T> List<T> all(List<? extends Callable<T>> actions) {
    return whole(
        () -> {
          List<ScanPool.Task<T>> tasks = new ArrayList<>(actions.size());
          for (Callable<T> action : actions) {
            tasks.add(share.submit(action));
          }
          List<T> results = new ArrayList<>(actions.size());
          for (ScanPool.Task<T> task : tasks) {
            results.add(await(task));
          }
          return results;
        });
  }

  /** Does all of this before what waits already; returns the results in order. */
  <T> List<T> now(List<Callable<T>> actions) {
    List<ScanPool.Task<T>> tasks = new ArrayList<>(actions.size());
    for (int i = actions.size() - 1; i >= 0; i--) {
      tasks.add(share.submitFirst(actions.get(i)));
    }
    List<T> results = new ArrayList<>(actions.size());
    for (int i = tasks.size() - 1; i >= 0; i--) {
      results.add(await(tasks.get(i)));
    }
    return results;
  }

  GlobalIdCache globalIds() {
    return resources.globalIds();
  }

  /** Where to look for what earlier queries found; null for nowhere. */
  @Nullable PartialCache cacheToUse() {
    return resources.cache().isUsable() && context.useCache() ? resources.cache() : null;
  }

  /** Where to leave what the query finds; null for nowhere. */
  @Nullable PartialCache cacheToPopulate() {
    return resources.cache().isUsable() && context.populateCache() ? resources.cache() : null;
  }

  boolean canSpill() {
    return resources.space().isUsable();
  }

  long spillAtBytes() {
    return resources.space().spillAtBytes(control.limits().maxMemoryBytes());
  }

  /** A file for merged groups, which is deleted when the query has ended. */
  SpillRun newSpill() {
    SpillRun run = SpillRun.create(resources.space());
    spilled.add(run);
    return run;
  }

  /** Waits for one result. */
  <T> T await(ScanPool.Task<T> task) {
    while (!task.await(LOOK_NANOS)) {
      control.check();
    }
    return task.result();
  }

  /** Does something that submits tasks; none of them runs on after that. */
  <T> T whole(Supplier<T> work) {
    boolean complete = false;
    try {
      T result = work.get();
      complete = true;
      return result;
    } finally {
      if (!complete) {
        // What runs ends at its next look; what waits is not begun.
        control.cancel();
      }
      share.end();
    }
  }

  /** Deletes what was spilled. */
  @Override
  public void close() {
    spilled.forEach(SpillRun::close);
    spilled.clear();
  }
}
