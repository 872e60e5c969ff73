package io.starfire.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Raw requests: Java's client does not let a test choose the Host header. */
class BrowserGuardTest {
  private static HttpServer server;

  @BeforeAll
  static void start() {
    Routes routes =
        to -> {
          to.get("/starfire/v1/publications", Access.READ, context -> context.result("[]"));
          to.post(
              "/starfire/v1/publications/p/rollback",
              Access.WRITE_NAMED,
              context -> context.result("done"));
          to.post("/tasks", Access.WRITE, context -> context.result("done"));
          to.post("/lookups", Access.ADMIN, context -> context.result("done"));
          to.delete("/starfire/v1/lookup", Access.ADMIN, context -> context.result("done"));
          to.post("/druid/v2", Access.READ, context -> context.result("answer"));
          to.post("/druid/v2/sql/avatica", Access.READ, context -> context.result("answer"));
        };
    server = HttpServer.start("127.0.0.1", 0, List.of(routes, new ConsoleFiles()));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The whole answer to a request with these headers. */
  private static String answer(String request, String host, String... headers) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        OutputStream out = socket.getOutputStream()) {
      String text =
          "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n%s\r\n"
              .formatted(
                  request,
                  host,
                  String.join("", List.of(headers).stream().map(line -> line + "\r\n").toList()));
      out.write(text.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private static String own() {
    return "127.0.0.1:" + server.port();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:8888", "127.0.0.1", "127.0.0.2:1", "[::1]:80"})
  void namesOfThisMachineAreAnswered(String host) throws IOException {
    assertThat(answer("GET /starfire/v1/publications", host)).startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8888",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.0.7:8888",
        "127.0.0.1evil",
        "[::2]"
      })
  void aNameThatWasMadeToPointHereIsRefused(String host) throws IOException {
    assertThat(answer("GET /starfire/v1/publications", host))
        .startsWith("HTTP/1.1 403")
        .contains("\"FORBIDDEN\"")
        .contains("is no name of this machine; ask for 127.0.0.1 or localhost");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/starfire/v1/publications",
    "POST,/starfire/v1/publications/p/rollback",
    "POST,/druid/v2",
    "DELETE,/starfire/v1/lookup"
  })
  void aPageOfAnotherSiteIsRefusedWhateverItAsks(String method, String path) throws IOException {
    for (String origin :
        List.of(
            "http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1", "http://")) {
      assertThat(
              answer(
                  method + " " + path,
                  own(),
                  "Origin: " + origin,
                  "Content-Type: application/json",
                  "Content-Length: 0"))
          .as(origin)
          .startsWith("HTTP/1.1 403")
          .contains("comes from a web page of");
    }
  }

  @Test
  void theConsoleMayChangeThings() throws IOException {
    assertThat(
            answer(
                "POST /starfire/v1/publications/p/rollback",
                own(),
                "Origin: http://" + own(),
                "Content-Type: application/json; charset=utf-8",
                "Content-Length: 0"))
        .startsWith("HTTP/1.1 200");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Type: text/plain",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: multipart/form-data; boundary=application/json",
        "Content-Type: text/plain, application/json",
        "Accept: application/json"
      })
  void whatChangesSomethingMustSayThatItIsJson(String header) throws IOException {
    for (String path : List.of("/starfire/v1/publications/p/rollback", "/tasks", "/lookups")) {
      assertThat(answer("POST " + path, own(), header, "Content-Length: 0"))
          .as(path)
          .startsWith("HTTP/1.1 415")
          .contains("must have the header Content-Type: application/json");
    }
    assertThat(answer("POST //druid/v2/../starfire", own(), header, "Content-Length: 0"))
        .doesNotStartWith("HTTP/1.1 200");
  }

  @Test
  void queriesComeInOtherFormsToo() throws IOException {
    assertThat(answer("POST /druid/v2", own(), "Content-Length: 0")).startsWith("HTTP/1.1 200");
    assertThat(
            answer(
                "POST /druid/v2/sql/avatica/",
                own(),
                "Content-Type: application/octet-stream",
                "Content-Length: 0"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void everyAnswerTellsTheBrowserWhatNotToDo() throws IOException {
    for (String path : List.of("/", "/console/app.js", "/starfire/v1/publications", "/nothing")) {
      assertThat(answer("GET " + path, own()))
          .contains("Content-Security-Policy: default-src 'none'; script-src 'self'")
          .contains("frame-ancestors 'none'")
          .doesNotContain("unsafe")
          .contains("X-Content-Type-Options: nosniff")
          .contains("Referrer-Policy: no-referrer");
    }
  }
}
