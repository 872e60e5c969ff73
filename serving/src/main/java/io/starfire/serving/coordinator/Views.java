package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The current view, and those that queries still use. A query takes the current view and keeps it
 * to its end, so that it sees one state of the world; what an older view shows may only be dropped
 * when its last query has ended. Thread-safe.
 */
public final class Views {
  private View current;
  private final Map<Long, Use> uses = new HashMap<>();

  private static final class Use {
    private final View view;
    private int queries;

    Use(View view) {
      this.view = view;
    }
  }

  Views(View first) {
    current = first;
  }

  /** A query's hold on the view that it runs on. */
  public final class Lease implements AutoCloseable {
    private final Use use;
    private boolean closed;

    private Lease(Use use) {
      this.use = use;
    }

    public View view() {
      return use.view;
    }

    /** Lets the view go; closing twice is harmless. */
    @Override
    public void close() {
      synchronized (Views.this) {
        if (!closed) {
          closed = true;
          use.queries--;
          if (use.queries == 0) {
            uses.remove(use.view.number());
          }
        }
      }
    }
  }

  /** Takes the current view for a query; the caller closes the lease when the query has ended. */
  public synchronized Lease acquire() {
    Use use = uses.computeIfAbsent(current.number(), number -> new Use(current));
    use.queries++;
    return new Lease(use);
  }

  public synchronized View current() {
    return current;
  }

  /** The current view, and every older one that a query still uses. */
  public synchronized List<View> shown() {
    List<View> shown = new ArrayList<>(List.of(current));
    uses.values().stream()
        .map(use -> use.view)
        .filter(view -> view.number() != current.number())
        .forEach(shown::add);
    return shown;
  }

  /** Whether no query uses a view older than that number. */
  public synchronized boolean areAllAtOrAbove(long number) {
    return current.number() >= number && uses.keySet().stream().allMatch(used -> used >= number);
  }

  synchronized void install(View next) {
    if (next.number() <= current.number()) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "view %d cannot follow view %d".formatted(next.number(), current.number()));
    }
    current = next;
  }
}
