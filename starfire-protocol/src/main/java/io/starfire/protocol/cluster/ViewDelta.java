package io.starfire.protocol.cluster;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.List;

/**
 * The step from one view to a later one. It may be applied to the view {@code after} and to no
 * other: a subscriber that has another view has missed something, and asks for that.
 *
 * @param after number of the earlier view
 * @param number of the later view; usually {@code after + 1}
 * @param changed the data sources that differ, each once
 */
public record ViewDelta(long after, long number, List<DataSourceDelta> changed) {
  public ViewDelta {
    changed = List.copyOf(changed);
    if (number <= after) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "view %d cannot follow view %d".formatted(number, after));
    }
  }
}
