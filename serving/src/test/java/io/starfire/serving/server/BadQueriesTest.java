package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries that ask for too much, of a server that has a small heap and ends if it is full. */
@Tag("long")
class BadQueriesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String COUNT = "'aggregations':[{'type':'count','name':'n'}]";
  private static final String GOOD =
      "{'queryType':'timeseries','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',"
          + COUNT
          + "}";

  @TempDir static Path directory;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Process server;
  private static int port;

  /** The server in a process of its own. It prints its port, and ends with its input. */
  static final class SmallServer {
    private SmallServer() {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      try (StandaloneServer started =
          StandaloneServer.start(
              new ServerSettings(
                  "127.0.0.1",
                  0,
                  directory.resolve("data"),
                  DeepStorageLocation.local(directory.resolve("deep")),
                  Optional.empty(),
                  1 << 30,
                  4 << 20,
                  Coordinator.Settings.DEFAULT,
                  new BrokerSettings(
                      2, 4, 100, Duration.ofSeconds(5), Duration.ofSeconds(5), 512L << 20),
                  Optional.empty()))) {
        System.out.println("port " + started.port());
        int unused = System.in.read();
      }
    }
  }

  @BeforeAll
  static void start() throws Exception {
    Files.createDirectories(directory.resolve("work"));
    server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SmallServer.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
    String line = output.readLine();
    while (line != null && !line.startsWith("port ")) {
      line = output.readLine();
    }
    assertThat(line).isNotNull();
    port = Integer.parseInt(line.substring("port ".length()));
    publish(hours(0, 24));
  }

  @AfterAll
  static void stop() throws Exception {
    server.getOutputStream().close();
    assertThat(server.waitFor()).isZero();
  }

  private static HttpRequest request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(60))
        .POST(body)
        .build();
  }

  private static BodyPublisher body(String json) {
    return BodyPublishers.ofString(json.replace('\'', '"'));
  }

  private static HttpResponse<String> query(String json) {
    try {
      return CLIENT.send(request("/druid/v2", body(json)), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode post(String path, Object value) throws Exception {
    HttpResponse<String> response =
        CLIENT.send(
            request(path, BodyPublishers.ofString(JSON.writeValueAsString(value))),
            BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }

  private static void publish(Interval interval) throws Exception {
    post("/starfire/v1/datasources", new DataSourceRegistration(SegmentFiles.SCHEMA, null));
    LocalDeepStorage deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    String version =
        post(
                "/starfire/v1/versions",
                new VersionRequest("ads", List.of(interval), interval.endMillis()))
            .path("version")
            .asText();
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (Interval bucket : Granularity.HOUR.bucketsIn(interval)) {
      segments.add(
          SegmentFiles.push(deepStorage, directory.resolve("work"), bucket, version, 3_600, 1));
    }
    JsonNode unused =
        post(
            "/starfire/v1/publications",
            new PublicationRequest(
                "ads",
                List.of(interval),
                version,
                segments,
                "plan",
                Map.of(),
                Map.of(),
                false,
                true));
    await().untilAsserted(() -> assertThat(query(GOOD).body()).contains("4320"));
  }

  private static String aggregate(String more) {
    return "{'queryType':'groupBy','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',"
        + COUNT
        + ","
        + more
        + "}";
  }

  private static String nested(int depth) {
    String query = aggregate("'dimensions':['publisher']");
    for (int i = 0; i < depth; i++) {
      query =
          aggregate("'dimensions':['publisher']")
              .replace("'ads'", "{'type':'query','query':" + query + "}");
    }
    return query;
  }

  /** Bad queries, with the statuses that they may have, and a part of the answer. */
  private record Bad(String json, List<Integer> statuses, String says) {}

  private static Map<String, Bad> bad() {
    Map<String, Bad> bad = new LinkedHashMap<>();
    bad.put(
        "a list of many values",
        new Bad(
            aggregate(
                "'filter':{'type':'in','dimension':'publisher','values':["
                    + "'p',".repeat(500_000)
                    + "'p0']}"),
            List.of(200, 413, 429),
            ""));
    bad.put("50 nested queries", new Bad(nested(50), List.of(400), "nested deeper than 20"));
    bad.put("15 nested queries", new Bad(nested(15), List.of(200, 429, 504), ""));
    bad.put(
        "a deep expression",
        new Bad(
            aggregate(
                "'filter':{'type':'expression','expression':'"
                    + "(".repeat(10_000)
                    + "1"
                    + ")".repeat(10_000)
                    + "'}"),
            List.of(400),
            "nested deeper than"));
    bad.put(
        "many wildcards",
        new Bad(
            aggregate(
                "'filter':{'type':'like','dimension':'publisher','pattern':'"
                    + "%_".repeat(5_000)
                    + "'}"),
            List.of(200, 429, 504),
            ""));
    bad.put(
        "a pattern that backtracks",
        new Bad(
            aggregate(
                "'virtualColumns':[{'type':'expression','name':'v','expression':'concat(publisher,"
                    + " repeat(\\u0027a\\u0027, 60))'}],"
                    + "'filter':{'type':'regex','dimension':'v','pattern':'((a|a)*)\\\\1c'}"),
            List.of(429, 504),
            ""));
    bad.put(
        "a row for each pair of rows",
        new Bad(
            aggregate("'dimensions':['publisher','j.publisher','__time','j.__time']")
                .replace(
                    "'ads'",
                    "{'type':'join','left':'ads','rightPrefix':'j.','joinType':'INNER','condition':'1','right':"
                        + "{'type':'query','query':{'queryType':'scan','dataSource':'ads','intervals':'2026-11-20/P1D'}}}"),
            List.of(429, 504),
            ""));
    bad.put(
        "buckets by the million",
        new Bad(
            "{'queryType':'timeseries','dataSource':'ads','intervals':'1970/2100',"
                + "'granularity':{'type':'duration','duration':1},"
                + COUNT
                + "}",
            List.of(429, 504),
            ""));
    bad.put(
        "a misspelt field",
        new Bad(aggregate("'dimensoins':['publisher']"), List.of(400), "did you mean dimensions?"));
    bad.put(
        "a sum beyond 64 bits",
        new Bad(
            aggregate("'dimensions':[]")
                .replace(
                    "{'type':'count','name':'n'}",
                    "{'type':'longSum','name':'n','expression':'9223372036854775807'}"),
            List.of(400, 429, 504),
            ""));
    return bad;
  }

  @Test
  void eachBadQueryIsAnsweredOrRefusedWithinItsLimit() {
    bad()
        .forEach(
            (name, bad) -> {
              HttpResponse<String> response = query(bad.json);
              assertThat(bad.statuses)
                  .as("%s: %s", name, brief(response))
                  .contains(response.statusCode());
              assertThat(response.body()).as(name).contains(bad.says);
            });
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedWhetherItsLengthIsKnownOrNot() throws Exception {
    byte[] large = new byte[6 << 20];
    for (BodyPublisher body :
        List.of(
            BodyPublishers.ofByteArray(large),
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))) {
      try {
        HttpResponse<String> response =
            CLIENT.send(request("/druid/v2", body), BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(413);
      } catch (IOException e) {
        // The server has closed the connection, whose body it did not read.
        assertThat(server.isAlive()).isTrue();
      }
    }
  }

  @Test
  void aHundredBadQueriesAtOnceDoNotEndTheProcessAndOthersGoOn() {
    List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
    Map<String, Bad> bad = bad();
    for (int round = 0; round < 10; round++) {
      for (Bad one : bad.values()) {
        sent.add(CLIENT.sendAsync(request("/druid/v2", body(one.json)), BodyHandlers.ofString()));
      }
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(query(GOOD).statusCode()).isEqualTo(200));
    List<String> others = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> one : sent) {
      HttpResponse<String> response = one.join();
      if (!List.of(200, 400, 413, 429, 504).contains(response.statusCode())) {
        others.add(brief(response));
      }
    }
    assertThat(others).isEmpty();
    assertThat(server.isAlive()).isTrue();
    assertThat(query(GOOD).body()).contains("4320");
  }

  private static String brief(HttpResponse<String> response) {
    String body = response.body();
    return response.statusCode() + " " + body.substring(0, Math.min(300, body.length()));
  }
}
