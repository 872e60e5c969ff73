package io.starfire.serving.realtime;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import java.util.function.Supplier;

/**
 * How a real-time node reads one data source: its topic, how records become rows, and its limits.
 *
 * @param registration of the data source; it has a topic
 * @param decoder of the records; one thread uses it
 * @param schema returns the current schema for queries; it grows as dimensions are discovered
 * @param settings of the node, or a copy with the data source's own limits and Kafka properties
 * @param fromEarliest whether the first start reads the topic from its beginning; else it reads
 *     only what comes after that start
 */
public record TopicFeed(
    DataSourceRegistration registration,
    RowDecoder decoder,
    Supplier<DataSourceSchema> schema,
    RealtimeSettings settings,
    boolean fromEarliest) {
  public TopicFeed {
    requireNonNull(decoder, "decoder");
    requireNonNull(schema, "schema");
    requireNonNull(settings, "settings");
    if (registration.topic() == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s' has no topic; only batch runs write it"
              .formatted(registration.schema().name()));
    }
  }

  /** This feed with a registration that differs in the columns only. */
  TopicFeed registeredAs(DataSourceRegistration changed) {
    return new TopicFeed(changed, decoder, changed::schema, settings, fromEarliest);
  }

  String dataSource() {
    return registration.schema().name();
  }

  String topic() {
    return registration.topic();
  }
}
