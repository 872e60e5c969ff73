package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DataSourceSchemas;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the coordinator which data sources the stream writes, and to which topics. */
final class DataSourceRegistrar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataSourceRegistrar.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final long RETRY_SECONDS = 5;

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final String coordinatorUrl;
  private final Map<DataSourceSchema, String> topics;
  private Thread retrying;

  DataSourceRegistrar(String coordinatorUrl, Map<DataSourceSchema, String> topics) {
    this.coordinatorUrl = coordinatorUrl.replaceAll("/+$", "");
    this.topics = Map.copyOf(topics);
  }

  /**
   * Registers all data sources.
   *
   * @throws StarfireException with UNAVAILABLE if the coordinator does not answer, and may be asked
   *     again; with CONFLICT if it refuses
   */
  void register() {
    topics.forEach(this::register);
  }

  /** Goes on trying until the coordinator answers or this is closed. */
  void keepTrying() {
    retrying = new Thread(this::tryAgain, "starfire-register");
    retrying.setDaemon(true);
    retrying.start();
  }

  private void tryAgain() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        register();
        return;
      } catch (StarfireException e) {
        LOG.warn("{}; trying again in {} s", e.getMessage(), RETRY_SECONDS);
      }
      try {
        TimeUnit.SECONDS.sleep(RETRY_SECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void register(DataSourceSchema schema, String topic) {
    URI uri = URI.create(coordinatorUrl + "/starfire/v1/datasources");
    String body =
        "{\"schema\":%s,\"topic\":\"%s\"}".formatted(DataSourceSchemas.toJson(schema), topic);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new StarfireException(
            response.statusCode() / 100 == 4 ? ErrorCode.CONFLICT : ErrorCode.UNAVAILABLE,
            "the coordinator at %s did not register data source '%s': HTTP %d %s"
                .formatted(coordinatorUrl, schema.name(), response.statusCode(), response.body()));
      }
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the coordinator at %s does not answer, so that data source '%s' is not registered; start the server, check starfire.server.coordinator-url, or set starfire.stream.register to off"
              .formatted(coordinatorUrl, schema.name()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "interrupted while data sources were being registered", e);
    }
  }

  @Override
  public void close() {
    if (retrying != null) {
      retrying.interrupt();
    }
  }
}
