package io.starfire.serving.query.partial;

import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import org.jspecify.annotations.Nullable;

/**
 * Puts the partial results of one query together as they come, and gives back the memory of each,
 * so that no more of them are held than are not merged yet. Used by one thread.
 */
public final class PartialMerger {
  private final AggregateQuery query;
  private final QueryControl control;
  private @Nullable Partial merged;

  public PartialMerger(AggregateQuery query, QueryControl control) {
    this.query = query;
    this.control = control;
  }

  /** Adds a partial result, which nobody else may use from now on. */
  public void add(Partial partial) {
    if (merged == null) {
      merged = partial;
    } else {
      merged.addAll(partial, control);
      partial.discard();
    }
  }

  /** Adds a partial result, which stays as it is. */
  public void addCopy(Partial partial) {
    if (merged == null) {
      merged = new Partial(query, control);
    }
    merged.addAll(partial, control);
  }

  /** All that was added. */
  public Partial merged() {
    return merged == null ? new Partial(query, control) : merged;
  }
}
