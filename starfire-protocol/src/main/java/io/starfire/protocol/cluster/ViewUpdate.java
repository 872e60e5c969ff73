package io.starfire.protocol.cluster;

import java.util.List;

/**
 * What a subscriber lacks.
 *
 * @param snapshot null if deltas are enough; else the subscriber begins anew with it
 * @param deltas in the order in which to apply them, after the snapshot if there is one; empty if
 *     nothing is lacking
 */
public record ViewUpdate(ViewSnapshot snapshot, List<ViewDelta> deltas) {
  public ViewUpdate {
    deltas = List.copyOf(deltas);
  }

  /** The steps from the view that the subscriber has. */
  public static ViewUpdate of(List<ViewDelta> deltas) {
    return new ViewUpdate(null, deltas);
  }

  /** A whole view. */
  public static ViewUpdate of(ViewSnapshot snapshot) {
    return new ViewUpdate(snapshot, List.of());
  }
}
