package io.starfire.serving.coordinator;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.view.View;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Makes views. The transaction that changes what views show, and the installation of the view after
 * it, happen under one lock, so that views appear in the order of their transactions. Nothing else
 * that can wait happens under this lock; subscribers are told after it is given back.
 *
 * <p>A write whose outcome is unknown may have made a view in the store. That view is looked for at
 * once, and again before anything is answered that depends on it. Thread-safe.
 */
final class ViewMaker {
  private final MetadataStore store;
  private final Views views;
  private final Lock lock = new ReentrantLock();

  ViewMaker(MetadataStore store, Views views) {
    this.store = store;
    this.views = views;
  }

  /**
   * What a transaction has done.
   *
   * @param result for the caller
   * @param changed the data sources in which it changed what views show; if there are any, the
   *     transaction has taken the next view number
   */
  record Change<T>(T result, Set<String> changed) {
    Change {
      changed = Set.copyOf(changed);
    }

    static <T> Change<T> none(T result) {
      return new Change<>(result, Set.of());
    }

    static <T> Change<T> of(T result, Collection<String> changed) {
      return new Change<>(result, Set.copyOf(changed));
    }
  }

  private record Written<T>(T result, Optional<View> view) {}

  /**
   * Runs a transaction, and installs the view after it.
   *
   * @throws StarfireException as {@link MetadataStore#write}
   */
  <T> T write(Function<MetadataTransaction, Change<T>> work) {
    requireNonNull(work, "work");
    try {
      return exclusively(() -> writeAndInstall(work));
    } finally {
      views.tell();
    }
  }

  /**
   * Runs a transaction and installs the view after it, if a condition holds just then.
   *
   * @param condition asked while no view is being made
   * @return empty if it does not hold
   */
  <T> Optional<T> writeIf(
      BooleanSupplier condition, Function<MetadataTransaction, Change<T>> work) {
    try {
      return exclusively(
          () -> condition.getAsBoolean() ? Optional.of(writeAndInstall(work)) : Optional.empty());
    } finally {
      views.tell();
    }
  }

  private <T> T writeAndInstall(Function<MetadataTransaction, Change<T>> work) {
    Written<T> written;
    try {
      written =
          store.write(
              transaction -> {
                Change<T> change = work.apply(transaction);
                return new Written<>(
                    change.result,
                    change.changed.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                            StoredViews.next(views.current(), transaction, change.changed)));
              });
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNKNOWN_OUTCOME) {
        lookForLostView(e);
      }
      throw e;
    }
    written.view.ifPresent(views::install);
    return written.result;
  }

  private void lookForLostView(StarfireException unknown) {
    try {
      boolean unused = installStored();
    } catch (StarfireException e) {
      // The store still does not answer; the coordinator's next round looks again.
      unknown.addSuppressed(e);
    }
  }

  /** Installs the view of the store, if it is newer than the current one. */
  void catchUp() {
    exclusively(this::installStored);
    views.tell();
  }

  private boolean installStored() {
    Optional<View> stored = stored();
    stored.ifPresent(views::install);
    return stored.isPresent();
  }

  /** The view of the store, if it is newer than the current one. Installs nothing. */
  Optional<View> stored() {
    return store.read(
        transaction ->
            transaction.viewNumber() > views.current().number()
                ? Optional.of(StoredViews.read(transaction))
                : Optional.empty());
  }

  /**
   * Reads something of which views are made, and returns when subscribers have been told of the
   * view in which it is: who hears that a publication is active gets it from queries, too.
   */
  <T> T read(Supplier<T> work) {
    T result = exclusively(work);
    views.tell();
    return result;
  }

  /** Does something while no view is being made. */
  <T> T exclusively(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
