package io.starfire.serving.broker;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.VariantRequest;
import io.starfire.protocol.cluster.ViewAcknowledgement;
import io.starfire.protocol.cluster.ViewDelta;
import io.starfire.protocol.cluster.ViewUpdate;
import io.starfire.protocol.cluster.ViewVariant;
import io.starfire.serving.role.ViewSource;
import io.starfire.serving.view.View;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * A broker's copy of the view. It follows a {@link ViewSource} step by step, and acknowledges what
 * its queries use. If it has missed a step, it asks for that, and begins anew with a whole view if
 * it must. A query takes the view, or a variant of it, and keeps it to its end, so that it sees one
 * state. Thread-safe.
 */
public final class ViewReplica implements AutoCloseable {
  private final String name;
  private final ViewSource source;

  /** Held while a step is taken; never while a query takes a view. */
  private final Lock following = new ReentrantLock();

  private final Set<Lease> leases = new HashSet<>();
  private View current;

  /**
   * Subscribes; when this returns, it has a view.
   *
   * @param name of the subscriber, which no other one of the source has
   */
  public ViewReplica(String name, ViewSource source) {
    this.name = requireNonNull(name, "name");
    this.source = requireNonNull(source, "source");
    following.lock();
    try {
      current = View.of(source.subscribe(name, this::follow));
    } finally {
      following.unlock();
    }
    acknowledge();
  }

  /** A query's hold on the view that it uses. */
  public final class Lease implements AutoCloseable {
    private final View base;
    private volatile View view;
    private volatile Runnable giveBack = () -> {};

    private Lease(View base) {
      this.base = base;
      this.view = base;
    }

    public View view() {
      return view;
    }

    /** Releases the view. Does nothing if it is closed already. */
    @Override
    public void close() {
      release(this);
    }
  }

  /** The view that new queries use. */
  public synchronized View current() {
    return current;
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
    return acquire(base -> VariantRequest.earlier(name, base, dataSource, number));
  }

  /**
   * Takes the current view with a staged publication on top, as if it were active.
   *
   * @throws StarfireException with NOT_FOUND if there is no such publication, INVALID_INPUT if it
   *     is of another data source, CONFLICT if it is not staged
   */
  public Lease acquireStaged(String dataSource, String publicationId) {
    return acquire(base -> VariantRequest.staged(name, base, dataSource, publicationId));
  }

  private Lease acquire(LongFunction<VariantRequest> request) {
    Lease lease = acquire();
    boolean whole = false;
    try {
      ViewVariant variant = source.openVariant(request.apply(lease.base.number()));
      lease.giveBack = () -> source.closeVariant(name, variant.id());
      lease.view = lease.base.with(variant.difference()).named(variant.number(), variant.name());
      whole = true;
      return lease;
    } finally {
      if (!whole) {
        lease.close();
      }
    }
  }

  private void release(Lease lease) {
    boolean was;
    boolean last;
    synchronized (this) {
      long before = oldestInUse();
      was = leases.remove(lease);
      last = oldestInUse() > before;
    }
    try {
      if (last) {
        acknowledge();
      }
    } finally {
      // Whatever becomes of the acknowledgement, the source gets its variant back.
      if (was) {
        lease.giveBack.run();
      }
    }
  }

  private long oldestInUse() {
    return leases.stream()
        .mapToLong(lease -> lease.base.number())
        .reduce(current.number(), Math::min);
  }

  private void follow(ViewDelta step) {
    following.lock();
    try {
      View now = current();
      if (step.number() <= now.number()) {
        return;
      }
      if (step.after() == now.number()) {
        follow(now.after(step));
      } else {
        follow(source.updateSince(now.number()));
      }
    } finally {
      following.unlock();
    }
    acknowledge();
  }

  private void follow(ViewUpdate update) {
    if (update.snapshot() != null) {
      follow(View.of(update.snapshot()));
    }
    for (ViewDelta step : update.deltas()) {
      follow(current().after(step));
    }
  }

  private synchronized void follow(View next) {
    current = next;
  }

  private void acknowledge() {
    ViewAcknowledgement acknowledgement;
    synchronized (this) {
      acknowledgement = new ViewAcknowledgement(name, current.number(), oldestInUse());
    }
    try {
      source.acknowledge(acknowledgement);
    } catch (StarfireException e) {
      // A source that has forgotten this subscriber keeps nothing for it; a query must not fail.
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Ends the subscription. Queries that run may find that what they read is gone. */
  @Override
  public void close() {
    source.unsubscribe(name);
  }
}
