package io.starfire.protocol.cluster;

import java.util.List;

/**
 * A whole view: with it a subscriber begins, and begins anew when it has missed a change.
 *
 * @param number of the view
 * @param dataSources all of them, each once
 */
public record ViewSnapshot(long number, List<DataSourceState> dataSources) {
  public ViewSnapshot {
    dataSources = List.copyOf(dataSources);
  }
}
