package io.starfire.batch;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.batch.base.BatchJson;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DataSourceSchemas;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Speaks to the coordinator over HTTP. Thread-safe. */
public final class CoordinatorClient {
  private static final String V1 = "/starfire/v1";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final int OK = 200;
  private static final int REDIRECT = 300;

  private final String url;
  private final HttpClient client;

  public CoordinatorClient(String url) {
    this.url = url.replaceFirst("/+$", "");
    this.client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build();
  }

  /**
   * Makes sure that the coordinator knows the data source with this schema. The topic that a stream
   * writes it to is left as it is.
   */
  public void register(DataSourceSchema schema) {
    JsonNode wanted = tree(DataSourceSchemas.toJson(schema));
    JsonNode existing = find(schema.name()).orElse(null);
    if (existing != null && wanted.equals(existing.get("schema"))) {
      return;
    }
    Map<String, Object> registration = new LinkedHashMap<>();
    registration.put("schema", wanted);
    registration.put("topic", existing == null ? null : existing.get("topic"));
    send(post("/datasources", BatchJson.write(registration)));
  }

  public VersionResponse version(VersionRequest request) {
    return BatchJson.read(send(post("/versions", BatchJson.write(request))), VersionResponse.class);
  }

  /** Registers a publication; its id. */
  public String publish(PublicationRequest request) {
    JsonNode answer = tree(send(post("/publications", BatchJson.write(request))));
    String id = answer.path("id").asText(answer.asText(""));
    if (id.isEmpty()) {
      throw new StarfireException(
          ErrorCode.CORRUPT,
          "coordinator %s answered a publication with %s, which has no id".formatted(url, answer));
    }
    return id;
  }

  public PublicationStatus publication(String id) {
    String path = "/publications/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    return BatchJson.read(send(request(path).GET().build()), PublicationStatus.class);
  }

  private Optional<JsonNode> find(String dataSource) {
    for (JsonNode registration : tree(send(request("/datasources").GET().build()))) {
      if (registration.at("/schema/name").asText().equals(dataSource)) {
        return Optional.of(registration);
      }
    }
    return Optional.empty();
  }

  private JsonNode tree(String json) {
    try {
      return BatchJson.MAPPER.readTree(json);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.CORRUPT, "coordinator %s answered with no JSON: %s".formatted(url, json), e);
    }
  }

  private HttpRequest post(String path, String json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(json))
        .build();
  }

  private HttpRequest.Builder request(String path) {
    try {
      return HttpRequest.newBuilder(URI.create(url + V1 + path)).timeout(REQUEST_TIMEOUT);
    } catch (IllegalArgumentException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "starfire.server.coordinator-url '%s' is no address; write it like http://127.0.0.1:8888"
              .formatted(url),
          e);
    }
  }

  /** Whether a request that failed so may have been done all the same. */
  public static boolean mayHaveArrived(StarfireException failure) {
    return failure.getCause() instanceof InterruptedException
        || (failure.getCause() instanceof IOException
            && !(failure.getCause() instanceof ConnectException));
  }

  private String send(HttpRequest request) {
    HttpResponse<String> response;
    try {
      response = client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the coordinator at %s does not answer; start it, or set starfire.server.coordinator-url"
              .formatted(url),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "the run was interrupted", e);
    }
    if (response.statusCode() < OK || response.statusCode() >= REDIRECT) {
      throw refused(request, response);
    }
    return response.body();
  }

  /** The coordinator's own sentence, with its code if it is one of ours. */
  private StarfireException refused(HttpRequest request, HttpResponse<String> response) {
    String message = response.body();
    ErrorCode code = ErrorCode.UNAVAILABLE;
    try {
      JsonNode error = BatchJson.MAPPER.readTree(response.body());
      message = error.path("errorMessage").asText(error.path("message").asText(message));
    } catch (IOException e) {
      // An answer that is no JSON is shown as it is.
      message = response.body();
    }
    for (ErrorCode candidate : ErrorCode.values()) {
      if (candidate.httpStatus() == response.statusCode() && candidate.exitCode() != 2) {
        code = candidate;
        break;
      }
    }
    return new StarfireException(
        code,
        "coordinator %s refused %s %s with status %d: %s"
            .formatted(
                url, request.method(), request.uri().getPath(), response.statusCode(), message));
  }
}
