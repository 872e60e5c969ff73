package io.starfire.serving.realtime;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import java.util.function.Supplier;

/**
 * What a real-time node has to know of one data source: the topic, how its records become rows, and
 * the limits that hold for it.
 *
 * @param registration with a topic
 * @param decoder of the records, used by one thread
 * @param schema that queries should know, of each moment: longer as dimensions are discovered
 * @param settings of the node, or a copy with the data source's own limits and Kafka properties
 * @param fromEarliest whether the first start reads the topic from its beginning; else only what
 *     comes after that start
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

  /** The feed under a registration that differs in nothing but the columns. */
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
