package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.VariantRequest;
import io.starfire.protocol.cluster.ViewAcknowledgement;
import io.starfire.protocol.cluster.ViewDelta;
import io.starfire.protocol.cluster.ViewSnapshot;
import io.starfire.protocol.cluster.ViewUpdate;
import io.starfire.protocol.cluster.ViewVariant;
import io.starfire.serving.role.ViewSource;
import io.starfire.serving.view.View;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The current view, those that subscribers still use, and the subscribers. Segments of an older
 * view may only be dropped when each subscriber has acknowledged that it uses a later one.
 *
 * <p>A view is installed under the lock of the {@link ViewMaker}. Subscribers are told by {@link
 * #tell}, which is called without that lock. Thread-safe.
 */
final class Views implements ViewSource {
  private static final Logger LOG = LoggerFactory.getLogger(Views.class);

  /** A subscriber that lacks more steps than these gets a whole view. */
  private static final int KEPT_STEPS = 100;

  private final ViewVariants variants;
  private final Map<String, Subscriber> subscribers = new LinkedHashMap<>();
  private final Deque<ViewDelta> steps = new ArrayDeque<>();

  /** The current view, and older ones that a subscriber still uses, by number. */
  private final NavigableMap<Long, View> inUse = new TreeMap<>();

  private View current;
  private long lastVariant;
  private Runnable onProgress = () -> {};

  private static final class Subscriber {
    private final Consumer<ViewDelta> listener;
    private final Map<Long, View> variants = new HashMap<>();
    private long told;
    private long oldestInUse;

    Subscriber(Consumer<ViewDelta> listener, long number) {
      this.listener = listener;
      this.told = number;
      this.oldestInUse = number;
    }
  }

  Views(View first, ViewVariants variants) {
    this.variants = variants;
    this.current = first;
    inUse.put(first.number(), first);
  }

  /** What is done when an older view is not used any more, or a variant is given back. */
  synchronized void onProgress(Runnable action) {
    onProgress = action;
  }

  @Override
  public synchronized ViewSnapshot subscribe(String subscriber, Consumer<ViewDelta> listener) {
    subscribers.put(subscriber, new Subscriber(listener, current.number()));
    return current.snapshot();
  }

  @Override
  public void unsubscribe(String subscriber) {
    Runnable action;
    synchronized (this) {
      subscribers.remove(subscriber);
      forgetUnused();
      action = onProgress;
    }
    action.run();
  }

  @Override
  public synchronized ViewUpdate updateSince(long number) {
    List<ViewDelta> lacking = new ArrayList<>();
    for (ViewDelta step : steps) {
      if (step.after() >= number) {
        lacking.add(step);
      }
    }
    boolean known =
        lacking.isEmpty() ? number == current.number() : lacking.get(0).after() == number;
    return known ? ViewUpdate.of(lacking) : ViewUpdate.of(current.snapshot());
  }

  @Override
  public void acknowledge(ViewAcknowledgement acknowledgement) {
    Runnable action;
    synchronized (this) {
      Subscriber subscriber = require(acknowledgement.subscriber());
      if (acknowledgement.oldestInUse() <= subscriber.oldestInUse) {
        return;
      }
      subscriber.oldestInUse = acknowledgement.oldestInUse();
      forgetUnused();
      action = onProgress;
    }
    action.run();
  }

  private Subscriber require(String name) {
    Subscriber subscriber = subscribers.get(name);
    if (subscriber == null) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "'%s' has not subscribed to the views of this coordinator; it must subscribe again"
              .formatted(name));
    }
    return subscriber;
  }

  private void forgetUnused() {
    inUse.headMap(oldestInUse(), false).clear();
  }

  private long oldestInUse() {
    return subscribers.values().stream()
        .mapToLong(subscriber -> subscriber.oldestInUse)
        .reduce(current.number(), Math::min);
  }

  @Override
  public ViewVariant openVariant(VariantRequest request) {
    View base = base(request);
    View variant =
        request.publication() != null
            ? variants.staged(base, request.dataSource(), request.publication())
            : variants.earlier(base, request.dataSource(), request.view());
    synchronized (this) {
      long id = ++lastVariant;
      require(request.subscriber()).variants.put(id, variant);
      return new ViewVariant(
          id, variant.number(), variant.name(), variant.differenceFrom(base, request.dataSource()));
    }
  }

  private synchronized View base(VariantRequest request) {
    Subscriber unused = require(request.subscriber());
    View base = inUse.get(request.base());
    if (base == null) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "subscriber '%s' has no view %d in use; the current one is view %d"
              .formatted(request.subscriber(), request.base(), current.number()));
    }
    return base;
  }

  @Override
  public void closeVariant(String subscriber, long id) {
    Runnable action;
    synchronized (this) {
      Subscriber found = subscribers.get(subscriber);
      if (found == null || found.variants.remove(id) == null) {
        return;
      }
      action = onProgress;
    }
    action.run();
  }

  synchronized View current() {
    return current;
  }

  /** The current view, every older one that is in use, and the variants that are open. */
  synchronized List<View> shown() {
    Set<View> shown = new LinkedHashSet<>(inUse.descendingMap().values());
    subscribers.values().forEach(subscriber -> shown.addAll(subscriber.variants.values()));
    return List.copyOf(shown);
  }

  /** Whether no subscriber uses a view with a lower number, or a variant of one. */
  synchronized boolean areAllAtOrAbove(long number) {
    return oldestInUse() >= number;
  }

  /** Under the lock of the {@link ViewMaker}. */
  void install(View next) {
    View before = current();
    if (next.number() <= before.number()) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "view %d cannot follow view %d".formatted(next.number(), before.number()));
    }
    // Views are installed one at a time, so that nothing comes between.
    ViewDelta step = before.deltaTo(next);
    synchronized (this) {
      current = next;
      inUse.put(next.number(), next);
      steps.add(step);
      if (steps.size() > KEPT_STEPS) {
        steps.remove();
      }
      forgetUnused();
    }
  }

  /** Tells all subscribers of the steps that they have not been told of, and waits for that. */
  void tell() {
    for (Subscriber subscriber : all()) {
      synchronized (subscriber) {
        for (ViewDelta step : untold(subscriber)) {
          tell(subscriber, step);
        }
      }
    }
  }

  private synchronized List<Subscriber> all() {
    return List.copyOf(subscribers.values());
  }

  private synchronized List<ViewDelta> untold(Subscriber subscriber) {
    List<ViewDelta> untold =
        steps.stream().filter(step -> step.number() > subscriber.told).toList();
    subscriber.told = current.number();
    return untold;
  }

  private static void tell(Subscriber subscriber, ViewDelta step) {
    try {
      subscriber.listener.accept(step);
    } catch (RuntimeException e) {
      // It lacks the step now, and notices that with the next one.
      LOG.warn("a subscriber could not take view {}", step.number(), e);
    }
  }
}
