package io.starfire.serving.query.run;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.PartialMerger;
import io.starfire.serving.query.partial.SlicedPartial;
import io.starfire.serving.query.result.ResultBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;

/**
 * Merges the partial results of a query in the order in which they are added, so that sums of
 * doubles do not depend on the threads. A few groups are merged at once. Many are merged slice by
 * slice on the threads of the query (see {@link SlicedPartial}). When the merged groups take too
 * much memory, their slices go to disk, as one {@link SpillRun}; in the end each slice is put
 * together from all runs.
 *
 * <pre>
 *   added:    p1 p2 p3 │ p4 p5 │ p6          (merged when they take a half of spillAtBytes)
 *   memory:   slices of p1..p3, then of p1..p5: too large, so
 *   disk:     run 1: slices of p1..p5
 *   at last:  slice by slice: run 1 + p6, of which the best are kept if the query has a limit
 * </pre>
 *
 * <p>Used by the thread that waits for the query.
 */
final class Merging {
  /** Fewer groups are merged sooner than they are handed to other threads. */
  private static final long FEW_GROUPS = 1 << 13;

  private final AggregateQuery query;
  private final QueryRun run;
  private final QueryControl control;
  private final long spillAtBytes;
  private final List<Partial> pending = new ArrayList<>();
  private final List<SpillRun> spilled = new ArrayList<>();

  /** Merged groups, or nulls. */
  private final Partial[] slices = new Partial[SlicedPartial.SLICES];

  /** The key by which groups are sliced; negative while they are not. */
  private int key = -1;

  private long rowsScanned;
  private long rowsMatched;

  Merging(AggregateQuery query, QueryRun run) {
    this.query = query;
    this.run = run;
    this.control = run.control();
    this.spillAtBytes = run.spillAtBytes();
  }

  /** Adds a partial result, which nobody else may use from now on. */
  void add(Partial partial) {
    rowsScanned += partial.rowsScanned();
    rowsMatched += partial.rowsMatched();
    if (partial.groupCount() == 0) {
      partial.discard();
      return;
    }
    pending.add(partial);
    if (pending.stream().mapToLong(Partial::bytes).sum() > spillAtBytes / 2) {
      mergePending();
    }
  }

  /** Frees all memory that can be freed. */
  void spill() {
    mergePending();
    spillSlices();
  }

  private void mergePending() {
    if (pending.isEmpty()) {
      return;
    }
    if (run.canSpill() && 2 * (slicesBytes() + pendingBytes()) > mergeBytes()) {
      // To merge is to grow, for which there is no room.
      spillSlices();
    }
    List<SlicedPartial> added = sliced();
    each(
        slice -> {
          slices[slice] = SlicedPartial.addSlice(query, slices[slice], added, slice, control);
          return slice;
        });
    added.forEach(SlicedPartial::discard);
    if (run.canSpill() && slicesBytes() > spillAtBytes) {
      spillSlices();
    }
  }

  /** What is pending, in order of the slices; nothing is pending after that. */
  private List<SlicedPartial> sliced() {
    if (key < 0) {
      key = SlicedPartial.bestKey(pending);
    }
    List<Callable<SlicedPartial>> tasks = new ArrayList<>();
    for (Partial partial : pending) {
      tasks.add(() -> SlicedPartial.of(partial, key, control));
    }
    pending.clear();
    return run.now(tasks);
  }

  private void spillSlices() {
    if (slices[0] == null) {
      return;
    }
    SpillRun file = run.newSpill();
    spilled.add(file);
    each(
        slice -> {
          file.write(slice, slices[slice], control);
          return slice;
        });
    Arrays.fill(slices, null);
  }

  /** What scans leave: see {@link ParallelScan}. */
  private long mergeBytes() {
    return control.limits().maxMemoryBytes() / 2;
  }

  private long slicesBytes() {
    return slices[0] == null ? 0 : Arrays.stream(slices).mapToLong(Partial::bytes).sum();
  }

  private long pendingBytes() {
    return pending.stream().mapToLong(Partial::bytes).sum();
  }

  private <T> List<T> each(IntFunction<T> ofSlice) {
    List<Callable<T>> tasks = new ArrayList<>();
    for (int s = 0; s < SlicedPartial.SLICES; s++) {
      int slice = s;
      tasks.add(() -> ofSlice.apply(slice));
    }
    return run.now(tasks);
  }

  /**
   * All that was added, merged.
   *
   * @param alone whether nothing is merged with it, so that of a query with a limit each slice
   *     keeps its best groups only
   */
  Partial finish(boolean alone) {
    Partial merged = merged(alone);
    merged.countRows(rowsScanned - merged.rowsScanned(), rowsMatched - merged.rowsMatched());
    return merged;
  }

  private Partial merged(boolean alone) {
    if (key < 0) {
      long groups = pending.stream().mapToLong(Partial::groupCount).sum();
      if (pending.size() < 2 || groups <= FEW_GROUPS) {
        PartialMerger merger = new PartialMerger(query, control);
        pending.forEach(merger::add);
        return merger.merged();
      }
    }
    List<SlicedPartial> last = pending.isEmpty() ? List.of() : sliced();
    List<Partial> whole = each(slice -> whole(slice, last, alone));
    last.forEach(SlicedPartial::discard);
    return SlicedPartial.concatenated(query, key, whole, control);
  }

  /** A slice over all runs, in memory, and what was added last. */
  private Partial whole(int slice, List<SlicedPartial> last, boolean alone) {
    PartialMerger merger = new PartialMerger(query, control);
    for (SpillRun file : spilled) {
      Partial read = file.read(query, slice, control);
      if (read != null) {
        merger.add(read);
      }
    }
    if (slices[slice] != null) {
      merger.add(slices[slice]);
    }
    Partial whole = SlicedPartial.addSlice(query, merger.merged(), last, slice, control);
    return alone ? ResultBuilder.best(query, whole, control) : whole;
  }
}
