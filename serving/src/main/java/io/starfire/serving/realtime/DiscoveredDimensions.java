package io.starfire.serving.realtime;

import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.serving.role.RealtimeCoordination;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Registers the dimensions of a data source that were found in its data. It lives as long as the
 * data source is read, and not only as long as a connection: what could not be registered is tried
 * again, whatever is read next. Used by the thread that reads.
 */
final class DiscoveredDimensions {
  private final Supplier<TopicFeed> feed;
  private final RealtimeCoordination coordination;

  /** The widest schema that the coordinator has accepted; null before the first. */
  private DataSourceSchema accepted;

  /**
   * @param feed of each moment; its schema is wider than its registration where there is something
   *     to register
   */
  DiscoveredDimensions(Supplier<TopicFeed> feed, RealtimeCoordination coordination) {
    this.feed = feed;
    this.coordination = coordination;
  }

  /**
   * Returns if all dimensions that were found so far are registered, so that rows that have them
   * may become visible.
   *
   * @throws UnknownSchemaException if they could not be registered now
   */
  void requireRegistered() {
    TopicFeed now = feed.get();
    DataSourceSchema found = now.schema().get();
    if (found.equals(accepted) || found.equals(now.registration().schema())) {
      return;
    }
    try {
      coordination.extendSchema(found);
    } catch (RuntimeException e) {
      throw new UnknownSchemaException(
          "the rows have the dimensions %s, which could not be registered: %s"
              .formatted(more(found, now.registration().schema()), e.getMessage()),
          e);
    }
    accepted = found;
  }

  private List<String> more(DataSourceSchema found, DataSourceSchema registered) {
    DataSourceSchema known = accepted == null ? registered : accepted;
    List<String> names =
        new ArrayList<>(found.dimensions().stream().map(DimensionSpec::name).toList());
    names.removeAll(known.dimensions().stream().map(DimensionSpec::name).toList());
    return names;
  }
}
