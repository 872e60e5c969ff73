package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The current view, and those that queries still use. A query takes the current view, or a variant
 * of it, and keeps it to its end, so that it sees one state. Segments of an older view may only be
 * dropped when the last query on it has ended. Thread-safe.
 */
public final class Views {
  private final ViewVariants variants;
  private final Set<Lease> leases = new HashSet<>();
  private View current;

  Views(View first, ViewVariants variants) {
    this.current = first;
    this.variants = variants;
  }

  /** A query's hold on the view that it uses. */
  public final class Lease implements AutoCloseable {
    private final View base;
    private View view;

    private Lease(View base) {
      this.base = base;
      this.view = base;
    }

    public View view() {
      synchronized (Views.this) {
        return view;
      }
    }

    /** Releases the view. Does nothing if it is closed already. */
    @Override
    public void close() {
      synchronized (Views.this) {
        leases.remove(this);
      }
    }
  }

  /** Takes the current view for a query. The caller closes the lease when the query has ended. */
  public synchronized Lease acquire() {
    Lease lease = new Lease(current);
    leases.add(lease);
    return lease;
  }

  /**
   * Takes the current view, with the publications of one data source as they were in an earlier
   * view.
   *
   * @throws StarfireException with NOT_FOUND if that view is not kept, INVALID_INPUT if there is no
   *     such view yet
   */
  public Lease acquireEarlier(String dataSource, long number) {
    return acquire(base -> variants.earlier(base, dataSource, number));
  }

  /**
   * Takes the current view with a staged publication on top, as if it were active.
   *
   * @throws StarfireException with NOT_FOUND if there is no such publication, INVALID_INPUT if it
   *     is of another data source, CONFLICT if it is not staged
   */
  public Lease acquireStaged(String dataSource, String publicationId) {
    return acquire(base -> variants.staged(base, dataSource, publicationId));
  }

  private Lease acquire(UnaryOperator<View> variant) {
    Lease lease = acquire();
    boolean whole = false;
    try {
      View varied = variant.apply(lease.base);
      synchronized (this) {
        lease.view = varied;
      }
      whole = true;
      return lease;
    } finally {
      if (!whole) {
        lease.close();
      }
    }
  }

  public synchronized View current() {
    return current;
  }

  /** The current view, and every other one that a query still uses. */
  public synchronized List<View> shown() {
    Set<View> shown = new LinkedHashSet<>();
    shown.add(current);
    for (Lease lease : leases) {
      shown.add(lease.base);
      shown.add(lease.view);
    }
    return List.copyOf(shown);
  }

  /** Whether no query uses a view with a lower number, or a variant of one. */
  public synchronized boolean areAllAtOrAbove(long number) {
    return current.number() >= number
        && leases.stream().allMatch(lease -> lease.base.number() >= number);
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
