package io.starfire.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.StarfireClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The coordinator's routes that a stream needs. All of it may be asked again. Thread-safe. */
final class FeedClient {
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

  private final StarfireClient client;

  FeedClient(String coordinatorUrl) {
    this.client =
        new StarfireClient(
            coordinatorUrl,
            "starfire.server.coordinator-url, or set starfire.stream.register to off",
            REQUEST_TIMEOUT);
  }

  /** Registers a data source and the topic of its rows. */
  void register(DataSourceSchema schema, String topic) {
    Boolean unused =
        asked(
            schema.name(),
            () -> {
              client.register(new DataSourceRegistration(schema, topic));
              return true;
            });
  }

  /**
   * Has the data source fed from the last of these topics.
   *
   * @return empty if the coordinator does not know the data source
   */
  Optional<JsonNode> feed(String dataSource, List<JournalEntry.Feed> feeds) {
    byte[] body = Json.write(Map.of("feeds", feeds)).getBytes(StandardCharsets.UTF_8);
    return found(() -> asked(dataSource, () -> client.post(path(dataSource), body)));
  }

  /**
   * What has been loaded of a data source.
   *
   * @return empty if the coordinator does not know the data source
   */
  Optional<JsonNode> feed(String dataSource) {
    return found(() -> asked(dataSource, () -> client.get(path(dataSource))));
  }

  private static String path(String dataSource) {
    return "starfire/v1/datasources/%s/feed".formatted(StarfireClient.encode(dataSource));
  }

  private static Optional<JsonNode> found(Supplier<JsonNode> question) {
    try {
      return Optional.of(question.get());
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What may have been done is as good as not done here: it is asked for again. */
  private static <T> T asked(String dataSource, Supplier<T> question) {
    try {
      return question.get();
    } catch (StarfireException e) {
      throw new StarfireException(
          e.code() == ErrorCode.UNKNOWN_OUTCOME ? ErrorCode.UNAVAILABLE : e.code(),
          "data source '%s' is not registered: %s".formatted(dataSource, e.getMessage()),
          e);
    }
  }
}
