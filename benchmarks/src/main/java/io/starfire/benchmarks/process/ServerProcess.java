package io.starfire.benchmarks.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * A standalone server in a process of its own, as {@code bin/starfire server} starts it, on a free
 * port. What it stores lies below its directory, where another one can go on with it. Used by one
 * thread.
 */
public final class ServerProcess implements StarfireHttp, AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = 20_000_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final JsonMapper mapper = JsonMapper.builder().build();
  private final Child child;
  private final String url;

  private ServerProcess(Child child, String url) {
    this.child = child;
    this.url = url;
  }

  /**
   * Starts one, and returns when it says that it is well.
   *
   * @param settings such as {@code starfire.server.scan-threads=2}
   */
  public static ServerProcess start(Path directory, String heap, List<String> settings) {
    int port = freePort();
    String url = "http://127.0.0.1:" + port;
    List<String> arguments = new ArrayList<>();
    arguments.add("server");
    arguments.add("-Dstarfire.server.port=" + port);
    arguments.add("-Dstarfire.server.coordinator-url=" + url);
    arguments.add("-Dstarfire.server.data-dir=" + directory.resolve("data"));
    arguments.add("-Dstarfire.deep-storage.root=" + deepStorage(directory));
    settings.forEach(setting -> arguments.add("-D" + setting));
    Child child =
        Child.start(
            "server",
            List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-Xms256m",
                "-Xmx" + heap,
                "-XX:+UseG1GC",
                "-Djava.net.preferIPv4Stack=true",
                "-Dstarfire.home=" + System.getProperty("starfire.home")),
            System.getProperty("java.class.path"),
            "io.starfire.cli.Main",
            arguments,
            directory);
    ServerProcess server = new ServerProcess(child, url);
    server.await("the server", START_LIMIT, server::isUp);
    return server;
  }

  /** Where a server of this directory looks for segments. */
  public static Path deepStorage(Path directory) {
    return directory.resolve("deep");
  }

  public String url() {
    return url;
  }

  /** What it took so far. */
  public Child process() {
    return child;
  }

  @Override
  public JsonNode get(String path) {
    return json(send(request(path).GET().build()));
  }

  @Override
  public JsonNode post(String path, Object body) {
    try {
      return json(postText(path, mapper.writeValueAsString(body)));
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "a request cannot be written", e);
    }
  }

  /** As the other, with a body that is JSON already; the answer as it came. */
  public byte[] postText(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)).build());
  }

  public JsonNode json(byte[] answer) {
    try {
      return mapper.readTree(answer);
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.INTERNAL, "the server did not answer with JSON", e);
    }
  }

  /**
   * The sum of a column over all rows, by which one sees how many of them a query sees; 0 while
   * there is no such data source.
   */
  public long sum(String dataSource, String column) {
    String query =
        """
        {"queryType":"timeseries","dataSource":"%s","granularity":"all",
         "intervals":["1900-01-01/2100-01-01"],"context":{"useCache":false,"populateCache":false},
         "aggregations":[{"type":"longSum","name":"n","fieldName":"%s"}]}
        """
            .formatted(dataSource, column);
    HttpResponse<byte[]> response =
        exchange(request("/druid/v2").POST(BodyPublishers.ofString(query)).build());
    if (response.statusCode() == 404) {
      return 0;
    }
    JsonNode answer = json(checked(response));
    return answer.isEmpty() ? 0 : answer.get(0).at("/result/n").asLong();
  }

  /** Asks again and again. */
  public void await(String what, Duration limit, Callable<Boolean> isThere) {
    long start = System.nanoTime();
    try {
      while (!isThere.call()) {
        child.check();
        if (System.nanoTime() - start > limit.toNanos()) {
          throw new StarfireException(
              ErrorCode.TIMEOUT,
              "%s did not come within %s; %s".formatted(what, limit, child.tail()));
        }
        LockSupport.parkNanos(LOOK_NANOS);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new StarfireException(ErrorCode.INTERNAL, "%s: %s".formatted(what, e), e);
    }
  }

  private boolean isUp() {
    try {
      return client
              .send(request("/status/health").GET().build(), BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .header("Content-Type", "application/json");
  }

  private byte[] send(HttpRequest request) {
    return checked(exchange(request));
  }

  private byte[] checked(HttpResponse<byte[]> response) {
    if (response.statusCode() >= 300) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the server answered with status %d: %s"
              .formatted(response.statusCode(), json(response.body())));
    }
    return response.body();
  }

  private HttpResponse<byte[]> exchange(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "the server does not answer: " + e, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static StarfireException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new StarfireException(ErrorCode.CANCELED, "interrupted", e);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "there is no free port: " + e, e);
    }
  }

  @Override
  public void close() {
    child.stop();
  }
}
