package io.starfire.serving.server;

import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.cluster.LiveScan;
import io.starfire.serving.realtime.RealtimeNode;
import io.starfire.serving.role.HeldRows;
import io.starfire.serving.role.LiveNode;
import io.starfire.serving.role.LivePiece;
import io.starfire.serving.role.LocalRows;

/**
 * The place of the real-time node, which the coordinator and the broker ask for live rows, and
 * which itself needs the coordinator to start. Empty until then, and in a server that reads no
 * topics: there are no live rows then. Thread-safe.
 */
final class RealtimeSlot implements LiveNode {
  private volatile RealtimeNode node;

  void fill(RealtimeNode started) {
    node = started;
  }

  /** Has the data source's topic read, if it has one. */
  void add(DataSourceRegistration registration) {
    RealtimeNode present = node;
    if (present == null) {
      return;
    }
    if (registration.topic() == null) {
      present.remove(registration.schema().name());
    } else {
      present.add(registration);
    }
  }

  /** Reads a data source no more; its live rows are not visible any more. */
  void remove(String dataSource) {
    RealtimeNode present = node;
    if (present != null) {
      present.remove(dataSource);
    }
  }

  @Override
  public HeldRows<LivePiece> hold(LiveScan request) {
    RealtimeNode present = node;
    return present == null ? LocalRows.ofNothing() : present.hold(request);
  }
}
