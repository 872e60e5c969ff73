package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.benchmarks.process.StarfireHttp;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.realtime.RealtimeSettings;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A standalone server without real-time node on a free port, spoken to over HTTP, as a user does.
 * Thread-safe.
 */
final class ServerUnderTest implements StarfireHttp, AutoCloseable {
  private static final long CACHE_BYTES = 1L << 32;
  private static final int REQUEST_BYTES = 4 << 20;
  private static final long GROUP_BYTES = 256L << 20;

  private final JsonMapper mapper = JsonMapper.builder().build();
  private final HttpClient client = HttpClient.newHttpClient();
  private final StandaloneServer server;

  /**
   * @param scanThreads that all queries share
   */
  ServerUnderTest(Path dataDirectory, Path deepStorage, int scanThreads) {
    this(dataDirectory, deepStorage, scanThreads, Optional.empty());
  }

  /** One that reads topics. */
  ServerUnderTest(
      Path dataDirectory, Path deepStorage, int scanThreads, Optional<RealtimeSettings> realtime) {
    server =
        StandaloneServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                dataDirectory,
                DeepStorageLocation.local(deepStorage),
                Optional.empty(),
                CACHE_BYTES,
                REQUEST_BYTES,
                Coordinator.Settings.DEFAULT,
                new BrokerSettings(
                    scanThreads,
                    scanThreads,
                    10,
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(1),
                    GROUP_BYTES),
                realtime));
  }

  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  @Override
  public JsonNode get(String path) {
    return json(send(HttpRequest.newBuilder(URI.create(url() + path)).GET()));
  }

  @Override
  public JsonNode post(String path, Object body) {
    try {
      return json(postText(path, mapper.writeValueAsString(body)));
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "a request cannot be written", e);
    }
  }

  /** The answer as it came, for timing: reading it is the client's business. */
  byte[] postText(String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(url() + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  JsonNode json(byte[] answer) {
    try {
      return mapper.readTree(answer);
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "the server did not answer with JSON", e);
    }
  }

  private byte[] send(HttpRequest.Builder request) {
    try {
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      if (response.statusCode() >= 300) {
        throw new StarfireException(
            ErrorCode.INTERNAL,
            "the server answered with status %d: %s"
                .formatted(response.statusCode(), json(response.body())));
      }
      return response.body();
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "the server does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
