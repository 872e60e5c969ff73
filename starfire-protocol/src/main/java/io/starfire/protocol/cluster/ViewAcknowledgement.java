package io.starfire.protocol.cluster;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;

/**
 * A subscriber says how far it is. Both numbers only grow, so that acknowledgements may arrive in
 * another order than they were sent.
 *
 * @param subscriber its name
 * @param applied number of the view that its new queries use
 * @param oldestInUse number of the oldest view that a query still uses; {@code applied} if there is
 *     no older one
 */
public record ViewAcknowledgement(String subscriber, long applied, long oldestInUse) {
  public ViewAcknowledgement {
    requireNonNull(subscriber, "subscriber");
    if (oldestInUse > applied) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "subscriber '%s' cannot use view %d before it has applied it; it has applied view %d"
              .formatted(subscriber, oldestInUse, applied));
    }
  }
}
