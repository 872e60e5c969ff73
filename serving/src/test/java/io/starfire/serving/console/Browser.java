package io.starfire.serving.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.serving.Waiting;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real Chromium without a window, driven over its DevTools protocol. Tests are skipped where none
 * is installed; {@code -Dstarfire.browser=required} turns that into a failure.
 */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private Browser(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts the browser that is installed, or skips the test.
   *
   * @param directory for its profile and its log
   */
  static Browser start(Path directory) throws IOException {
    Optional<Path> program = find();
    if (program.isEmpty()) {
      String reason =
          "NOT TESTED IN A BROWSER: none of %s is on the PATH; install Debian's package chromium"
              .formatted(NAMES);
      System.err.println(reason);
      if ("required".equals(System.getProperty("starfire.browser"))) {
        throw new AssertionError(reason);
      }
      Assumptions.abort(reason);
    }
    Path profile = Files.createDirectories(directory.resolve("profile"));
    Process process =
        new ProcessBuilder(
                program.orElseThrow().toString(),
                "--headless=new",
                // Tests run as root in containers, where the sandbox does not start.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--no-default-browser-check",
                "--window-size=1280,900",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("browser.log").toFile())
            .start();
    Path told = profile.resolve("DevToolsActivePort");
    Waiting.await(
        "the port of the browser",
        () -> !process.isAlive() || (Files.exists(told) && read(told).contains("\n")));
    if (!process.isAlive()) {
      throw new AssertionError(
          "the browser ended at once: " + read(directory.resolve("browser.log")));
    }
    return new Browser(process, Integer.parseInt(read(told).lines().findFirst().orElseThrow()));
  }

  private static Optional<Path> find() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new page that shows nothing yet. */
  BrowserPage page() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/json/new".formatted(port)))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    JsonNode page =
        JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    return BrowserPage.connect(client, URI.create(page.path("webSocketDebuggerUrl").asText()));
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    if (!process.waitFor(5, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    // Its children write to the profile, which is deleted after this.
    all.forEach(ProcessHandle::destroyForcibly);
    Waiting.await("the browser to end", () -> all.stream().noneMatch(ProcessHandle::isAlive));
  }
}
