package io.starfire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StarfireClientTest {
  private static final VersionRequest REQUEST =
      new VersionRequest("ads", List.of(Interval.parse("2026-11-20T10/PT1H")), 1);

  private final CountDownLatch released = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private Answer answer;

  private interface Answer {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          try {
            answer.to(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            exchange.close();
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    released.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private StarfireClient client(Duration timeout) {
    return new StarfireClient(url(), "--server", timeout);
  }

  private StarfireClient client() {
    return client(Duration.ofSeconds(30));
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static StarfireException refused(ThrowingCallable call) {
    StarfireException refused = catchThrowableOfType(StarfireException.class, call);
    assertThat(refused).isNotNull();
    return refused;
  }

  @Test
  void theCodeOfARefusalIsThatOfTheBodyWhateverTheStatus() {
    for (ErrorCode code : ErrorCode.values()) {
      ErrorResponse body =
          ErrorResponse.of(new StarfireException(code, "it must be so"), "localhost");
      answer = exchange -> send(exchange, code.httpStatus(), Json.write(body));

      StarfireException refused = refused(() -> client().version(REQUEST));

      assertThat(refused.code()).isEqualTo(code);
      assertThat(refused)
          .hasMessage("it must be so (POST %s/starfire/v1/versions)".formatted(url()));
    }
  }

  @Test
  void anAnswerThatIsNotStarfiresIsShownWithItsAddress() {
    answer = exchange -> send(exchange, 409, "<html>Bad gateway</html>");
    StarfireException refused = refused(() -> client().version(REQUEST));
    assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refused).hasMessageContainingAll(url(), "409", "Bad gateway");

    answer = exchange -> send(exchange, 200, "hello");
    assertThat(refused(() -> client().version(REQUEST)))
        .hasMessageContainingAll(url(), "hello", "check that the address");
  }

  @Test
  void aServerThatIsNotThereHasDoneNothing() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    StarfireClient client = new StarfireClient("http://127.0.0.1:" + port, "--server");

    StarfireException refused = refused(() -> client.version(REQUEST));

    assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE);
    assertThat(refused)
        .hasMessageContainingAll("http://127.0.0.1:" + port + "/starfire/v1/versions", "--server");
  }

  @Test
  void aRequestWithoutAnAnswerMayHaveBeenDone() {
    answer = exchange -> released.await();
    StarfireClient hasty = client(Duration.ofMillis(300));

    StarfireException posted = refused(() -> hasty.version(REQUEST));
    assertThat(posted.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(posted).hasMessageContainingAll(url(), "not known whether it was done");

    StarfireException got = refused(() -> hasty.publication("p"));
    assertThat(got.code()).isEqualTo(ErrorCode.UNAVAILABLE);
  }

  @Test
  void anAnswerThatStopsHalfwayIsNotWaitedForLongerThanTheTimeout() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          released.await();
        };

    StarfireException refused = refused(() -> client(Duration.ofMillis(300)).version(REQUEST));

    assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
  }

  @Test
  void aConnectionThatBreaksLeavesTheOutcomeUnknown() {
    answer = exchange -> {};

    assertThat(refused(() -> client().version(REQUEST)).code())
        .isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
  }

  @Test
  void aRefusedQueryIsAnErrorAndNothingIsCopied() {
    ErrorResponse body =
        ErrorResponse.of(new StarfireException(ErrorCode.CAPACITY_EXCEEDED, "full"), null);
    answer = exchange -> send(exchange, 429, Json.write(body));
    StringWriter out = new StringWriter();

    StarfireException refused =
        refused(() -> client().copy("druid/v2", "{}".getBytes(StandardCharsets.UTF_8), out));

    assertThat(refused.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anAddressThatIsNoneNamesTheSetting() {
    for (String url : List.of("here", "127.0.0.1:8888", "ftp://here", "http://", "http://a b/")) {
      StarfireException refused = refused(() -> new StarfireClient(url, "--server"));
      assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_INPUT);
      assertThat(refused).hasMessageContainingAll("--server", "'" + url + "'");
    }
  }
}
