package io.starfire.serving.role;

import io.starfire.protocol.cluster.VariantRequest;
import io.starfire.protocol.cluster.ViewAcknowledgement;
import io.starfire.protocol.cluster.ViewDelta;
import io.starfire.protocol.cluster.ViewSnapshot;
import io.starfire.protocol.cluster.ViewUpdate;
import io.starfire.protocol.cluster.ViewVariant;
import java.util.function.Consumer;

/**
 * Gives views to those who answer queries, and hears from them how far they are. The coordinator is
 * one. Thread-safe; all that is passed has a JSON form.
 *
 * <pre>
 *   subscriber                               source
 *     subscribe("broker")              ──►     view 7, whole
 *     acknowledge(7, oldest in use 7)  ──►
 *                                      ◄──     step 7 → 8
 *     acknowledge(8, oldest in use 7)  ──►     (a query still uses view 7)
 *                                      ◄──     step 9 → 10: the step to 9 was lost
 *     updateSince(8)                   ──►     steps 8 → 9 → 10, or view 10, whole
 *     acknowledge(10, oldest in use 10)──►     what only views below 10 show may be dropped
 * </pre>
 */
public interface ViewSource {
  /**
   * Begins to tell a subscriber of views. A subscriber of the same name is replaced. Until it
   * acknowledges a later view, everything that the returned view shows is kept.
   *
   * @param listener told of each step, mostly in order, and by one thread at a time. It may be told
   *     of a step late, twice or never. It must return soon.
   * @return the current view
   */
  ViewSnapshot subscribe(String subscriber, Consumer<ViewDelta> listener);

  /** Forgets a subscriber and the variants that it has open. Does nothing if it is not there. */
  void unsubscribe(String subscriber);

  /**
   * What a subscriber with a view lacks: the steps after it, or a whole view if these are not known
   * any more.
   */
  ViewUpdate updateSince(long number);

  /**
   * Takes note of how far a subscriber is. An older acknowledgement changes nothing.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND if there is no such subscriber: it
   *     must subscribe again
   */
  void acknowledge(ViewAcknowledgement acknowledgement);

  /**
   * A variant of a view that the subscriber has in use. What it shows is kept until the subscriber
   * gives it back.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND if the subscriber, its view, the
   *     publication or the data source is not there, or the earlier view is not kept; INVALID_INPUT
   *     if the publication is of another data source, or the earlier view is none yet; CONFLICT if
   *     the publication is not staged
   */
  ViewVariant openVariant(VariantRequest request);

  /** Gives a variant back. Does nothing if that was done already. */
  void closeVariant(String subscriber, long id);
}
