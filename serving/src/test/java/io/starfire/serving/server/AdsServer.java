package io.starfire.serving.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.Waiting;
import io.starfire.serving.access.AccessSettings;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server with the data source {@code ads}, which reads no topics; and a client of it. */
final class AdsServer implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final StandaloneServer server;

  private final String authorization;

  AdsServer(Path directory) {
    this(directory, AccessSettings.OPEN, "");
  }

  /**
   * A server that asks its callers who they are.
   *
   * @param authorization the header of who may change all; empty if nobody is asked
   */
  AdsServer(Path directory, AccessSettings access, String authorization) {
    this.directory = directory;
    this.authorization = authorization;
    try {
      Files.createDirectories(directory.resolve("work"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server =
        StandaloneServer.start(
            new ServerSettings(
                    "127.0.0.1",
                    0,
                    directory.resolve("data"),
                    DeepStorageLocation.local(directory.resolve("deep")),
                    Optional.empty(),
                    1 << 30,
                    2_000_000,
                    new Coordinator.Settings(
                        0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
                    new BrokerSettings(
                        2, 4, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 64L << 20),
                    Optional.empty())
                .withAccess(access));
    JsonNode unused =
        json(
            "POST",
            "/starfire/v1/datasources",
            new DataSourceRegistration(SegmentFiles.SCHEMA, null),
            200);
  }

  StandaloneServer server() {
    return server;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  /**
   * Sends a request.
   *
   * @param body null for none; a text as it is, and anything else as JSON
   */
  HttpResponse<String> send(String method, String path, Object body, String... headers) {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri(path))
              .method(
                  method,
                  body == null
                      ? BodyPublishers.noBody()
                      : BodyPublishers.ofString(
                          body instanceof String text ? text : JSON.writeValueAsString(body)));
      if (headers.length > 0) {
        request.headers(headers);
      }
      if (!List.of(headers).contains("Content-Type")) {
        request.header("Content-Type", "application/json");
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  JsonNode json(String method, String path, Object body, int status) {
    HttpResponse<String> response =
        authorization.isEmpty()
            ? send(method, path, body)
            : send(method, path, body, "Authorization", authorization);
    assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(status);
    return tree(response.body());
  }

  JsonNode get(String path) {
    return json("GET", path, null, 200);
  }

  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  /** Stages a publication; returns its id. */
  String stage(Interval interval, int events, boolean hold) {
    LocalDeepStorage deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    String version =
        json(
                "POST",
                "/starfire/v1/versions",
                new VersionRequest("ads", List.of(interval), interval.endMillis()),
                200)
            .path("version")
            .asText();
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (Interval bucket : Granularity.HOUR.bucketsIn(interval)) {
      segments.add(
          SegmentFiles.push(deepStorage, directory.resolve("work"), bucket, version, events, 3));
    }
    PublicationRequest request =
        new PublicationRequest(
            "ads", List.of(interval), version, segments, "plan", Map.of(), Map.of(), hold, false);
    return json("POST", "/starfire/v1/publications", request, 201).path("id").asText();
  }

  /** Publishes hours with a number of events each; returns the id of the publication. */
  String publish(Interval interval, int events) {
    String id = stage(interval, events, false);
    Waiting.await(
        "the publication to be active",
        () -> get("/starfire/v1/publications/" + id).path("state").asText().equals("ACTIVE"));
    return id;
  }

  @Override
  public void close() {
    server.close();
  }
}
