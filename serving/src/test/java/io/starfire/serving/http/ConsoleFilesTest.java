package io.starfire.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleFilesTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer server;

  @BeforeEach
  void start() {
    server = HttpServer.start("127.0.0.1", 0, List.of(new ConsoleFiles()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> get(String path, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private String type(String path) throws IOException, InterruptedException {
    return get(path).headers().firstValue("Content-Type").orElse("").replace(" ", "");
  }

  @Test
  void thePageAndItsFilesAreServedWithTheirTypes() throws IOException, InterruptedException {
    assertThat(get("/").body()).contains("<title>Starfire</title>");
    assertThat(type("/")).isEqualTo("text/html;charset=utf-8");
    assertThat(get("/console/lib/preact.js").body()).contains("export{");
    assertThat(type("/console/lib/preact.js")).isEqualTo("text/javascript;charset=utf-8");
    assertThat(type("/console/style/theme.css")).isEqualTo("text/css;charset=utf-8");
    assertThat(type("/favicon.ico")).isEqualTo("image/svg+xml");
  }

  @Test
  void aFileIsSentAgainOnlyIfItIsAnother() throws IOException, InterruptedException {
    String tag = get("/console/app.js").headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again = get("/console/app.js", "If-None-Match", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(get("/console/app.js", "If-None-Match", "\"1-1\"").statusCode()).isEqualTo(200);
  }

  @Test
  void nothingElseOfTheClassPathIsServed() throws IOException, InterruptedException {
    for (String path :
        List.of(
            "/console/",
            "/console/nothing.js",
            "/console/..%2fmetadata%2fmigrations%2fV1__metadata.sql",
            "/console/%2e%2e/metadata/migrations/V1__metadata.sql",
            "/console/lib/..%2f..%2f..%2f..%2f..%2freference.conf",
            "/console//lib/json.js",
            "/console/LIB/json.js",
            "/console/lib/json.class")) {
      assertThat(get(path).statusCode()).as(path).isBetween(400, 404);
    }
  }

  /** The content security policy forbids it, and a browser would show a page without it. */
  @Test
  void noFileHasAnInlineScriptOrStyleOrAnAddressOfAnotherServer() throws URISyntaxException {
    Path root =
        Path.of(ConsoleFiles.class.getResource("/io/starfire/serving/console/index.html").toURI())
            .getParent();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        assertThat(text)
            .as(file.toString())
            .doesNotContain("https://")
            .doesNotContainPattern("https?://(?!www.w3.org/2000/svg)")
            .doesNotContainPattern("<script(?! type=\"module\" src=)")
            .doesNotContainPattern(
                "<style|style=\"|javascript:|innerHTML|dangerouslySet|\\beval\\(");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
