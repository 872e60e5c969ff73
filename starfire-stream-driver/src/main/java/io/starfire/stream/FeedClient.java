package io.starfire.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DataSourceSchemas;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The coordinator's routes that a stream needs. Thread-safe. */
final class FeedClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int NOT_FOUND = 404;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String url;

  FeedClient(String coordinatorUrl) {
    this.url = coordinatorUrl.replaceAll("/+$", "");
  }

  /** Registers a data source and the topic of its rows. */
  void register(DataSourceSchema schema, String topic) {
    String body =
        "{\"schema\":%s,\"topic\":\"%s\"}".formatted(DataSourceSchemas.toJson(schema), topic);
    var unused = require(schema.name(), post("/starfire/v1/datasources", body));
  }

  /**
   * Has the data source fed from the last of these topics.
   *
   * @return empty if the coordinator does not know the data source
   */
  Optional<JsonNode> feed(String dataSource, List<JournalEntry.Feed> feeds) {
    try {
      String body = MAPPER.writeValueAsString(Map.of("feeds", feeds));
      return answer(dataSource, post(path(dataSource), body));
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "the topics cannot be written", e);
    }
  }

  /**
   * What has been loaded of a data source.
   *
   * @return empty if the coordinator does not know the data source
   */
  Optional<JsonNode> feed(String dataSource) {
    HttpRequest.Builder request = request(path(dataSource));
    return answer(dataSource, request.GET());
  }

  private static String path(String dataSource) {
    return "/starfire/v1/datasources/%s/feed"
        .formatted(URLEncoder.encode(dataSource, StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private HttpRequest.Builder post(String path, String body) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path)).timeout(TIMEOUT);
  }

  private JsonNode require(String dataSource, HttpRequest.Builder request) {
    return answer(dataSource, request)
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.UNAVAILABLE,
                    "what answers at %s is no coordinator; check starfire.server.coordinator-url"
                        .formatted(url)));
  }

  private Optional<JsonNode> answer(String dataSource, HttpRequest.Builder request) {
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the coordinator at %s does not answer, so that data source '%s' is not registered; start the server, check starfire.server.coordinator-url, or set starfire.stream.register to off"
              .formatted(url, dataSource),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "interrupted while data sources were being registered", e);
    }
    if (response.statusCode() == NOT_FOUND) {
      return Optional.empty();
    }
    JsonNode body = tree(response.body());
    if (response.statusCode() / 100 != 2) {
      // What may pass is asked for again; what is refused once is refused again.
      throw new StarfireException(
          response.statusCode() / 100 == 4 ? ErrorCode.CONFLICT : ErrorCode.UNAVAILABLE,
          "the coordinator at %s did not register data source '%s': %s"
              .formatted(
                  url,
                  dataSource,
                  body.path("errorMessage").asText("HTTP " + response.statusCode())));
    }
    return Optional.of(body);
  }

  private static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      return MAPPER.createObjectNode();
    }
  }
}
