package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code bin/starfire query} makes of a server's answers. */
class QueryCommandTest {
  @TempDir private Path directory;
  private HttpServer server;
  private String url;
  private Path query;
  private volatile int status = 200;
  private volatile String body = "";
  private volatile int announcedBytes;

  @BeforeEach
  void start() throws IOException {
    query = Files.writeString(directory.resolve("query.json"), "{}");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/druid/v2",
        exchange -> {
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, Math.max(announcedBytes, bytes.length));
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    url = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void anAnswerIsPrintedAsItComes() {
    body = "[ {\n  \"city\" : \"Köln\"\n} ]";
    Said said = Said.by("query", query.toString(), "--server", url);
    assertThat(said.err()).isEmpty();
    assertThat(said.exitCode()).isZero();
    assertThat(said.out()).isEqualTo(body + System.lineSeparator());
  }

  @Test
  void anErrorIsASentence() {
    status = 400;
    body = "{\"errorCode\":\"INVALID_INPUT\",\"errorMessage\":\"queryType is missing\"}";
    Said.by("query", query.toString(), "--server", url).refused(2, "queryType is missing");
  }

  @Test
  void anAnswerThatBreaksOffIsSaidNotToBeWhole() {
    body = "[{\"segmentId\":";
    announcedBytes = 1_000;
    Said said = Said.by("query", query.toString(), "--server", url);
    said.refused(3, "broke off and is not whole");
    assertThat(said.out()).isEqualTo(body);
  }
}
