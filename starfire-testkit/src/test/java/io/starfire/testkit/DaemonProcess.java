package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A daemon of the command line as a process of its own, which can be killed. */
final class DaemonProcess {
  private static final Pattern PORT = Pattern.compile("metrics at http://127\\.0\\.0\\.1:(\\d+);");
  private static final int SHOWN = 8_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final Path output;

  private DaemonProcess(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts {@code bin/starfire COMMAND CLASS --config FILE}.
   *
   * @param output a file that gets what it prints
   */
  static DaemonProcess start(
      String command, Class<?> pipeline, Map<String, String> config, Path output) {
    try {
      Path file = output.resolveSibling(output.getFileName() + ".conf");
      List<String> lines = new ArrayList<>();
      config.forEach((key, value) -> lines.add("%s = \"%s\"".formatted(key, value)));
      Files.write(file, lines);
      List<String> words = new ArrayList<>();
      words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      words.addAll(
          List.of(
              "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"));
      words.add(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
      words.addAll(List.of("io.starfire.cli.Main", command, pipeline.getName()));
      words.addAll(List.of("--config", file.toString()));
      Process process =
          new ProcessBuilder(words)
              .directory(output.getParent().toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      // If the tests end before they have killed it.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new DaemonProcess(process, output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it with SIGKILL, and waits until it is no more. */
  void kill() {
    try {
      assertThat(process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The last of what it has printed. */
  String said() {
    String all = output();
    return all.substring(Math.max(0, all.length() - SHOWN));
  }

  private String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its status; empty if it does not answer yet. */
  Optional<JsonNode> status() {
    Matcher port = PORT.matcher(output());
    if (!port.find()) {
      return Optional.empty();
    }
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.group(1) + "/status"))
            .timeout(Duration.ofSeconds(10))
            .build();
    try {
      String body = HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
      return Optional.of(Json.read(body, JsonNode.class, "a status"));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
