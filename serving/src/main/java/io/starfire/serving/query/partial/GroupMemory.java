package io.starfire.serving.query.partial;

import io.starfire.serving.query.control.QueryControl;

/** What some groups hold of the memory of their query. Used by one thread at a time. */
public final class GroupMemory {
  private final QueryControl control;
  private long heldBytes;

  public GroupMemory(QueryControl control) {
    this.control = control;
  }

  /**
   * Holds so many bytes, more or fewer than before.
   *
   * @throws io.starfire.common.StarfireException with CAPACITY_EXCEEDED if the query has no room
   */
  public void hold(long bytes) {
    if (bytes > heldBytes) {
      control.reserveForGroups(bytes - heldBytes);
    } else {
      control.release(heldBytes - bytes);
    }
    heldBytes = bytes;
  }
}
