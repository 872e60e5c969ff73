package io.starfire.serving.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.BackgroundLoop.State;
import io.starfire.common.StarfireException;
import io.starfire.serving.http.HttpServer;
import io.starfire.serving.http.ReadingHealth;
import io.starfire.serving.http.StatusRoutes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopsTest {
  private final AtomicReference<Error> error = new AtomicReference<>();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Loops loops = new Loops(metrics);
  private final BackgroundLoop loop =
      BackgroundLoop.named(
              "coordinator-duties",
              () -> {
                if (error.get() != null) {
                  throw error.get();
                }
              })
          .build();
  private HttpServer server;

  @BeforeEach
  void start() {
    server =
        HttpServer.start(
            "127.0.0.1",
            0,
            List.of(
                new StatusRoutes(
                    "a version",
                    metrics,
                    loops::all,
                    new ReadingHealth(List::of, Duration.ZERO, InstantSource.system()))));
    loop.start();
  }

  @AfterEach
  void stop() {
    loop.close();
    server.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void endByError() {
    error.set(new OutOfMemoryError("heap"));
    loop.wake();
    await().until(() -> loop.status().state() == State.FAILED);
  }

  @Test
  void aLoopThatEndedByAnErrorIsInTheHealthTheStatusAndTheMetrics() throws Exception {
    loops.add(() -> List.of(loop.status()));
    assertThat(get("/status/health").body()).isEqualTo("true");
    assertThat(get("/metrics").body()).contains("starfire_loops_failed 0.0");

    endByError();

    HttpResponse<String> health = get("/status/health");
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body()).contains("coordinator-duties", "OutOfMemoryError", "start it again");
    assertThat(get("/status").body()).contains("\"state\":\"FAILED\"");
    assertThat(get("/metrics").body()).contains("starfire_loops_failed 1.0");
    assertThat(loops.failure()).as("others go on").isEmpty();
  }

  @Test
  void withoutAVitalLoopTheProcessEndsWithExitCode3() {
    loops.addVital(() -> List.of(loop.status()));
    assertThat(loops.failure()).isEmpty();

    endByError();

    StarfireException failure = loops.failure().orElseThrow();
    assertThat(failure.code().exitCode()).isEqualTo(3);
    assertThat(failure).hasMessageContaining("its thread coordinator-duties ended");
  }
}
