package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.storage.DeepStorageLocation;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.Waiting;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import io.starfire.serving.metadata.DataSourceTable;
import java.io.IOException;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything over HTTP, on an ephemeral port. */
class StandaloneServerTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String QUERY =
      """
      {"queryType":"timeseries","dataSource":"%s","granularity":"hour","intervals":["%s"],
       "aggregations":[{"type":"longSum","name":"clicks","fieldName":"%s"}]}\
      """;

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private StandaloneServer server;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(directory.resolve("work"));
    server = StandaloneServer.start(settings("127.0.0.1", 0, directory.resolve("data")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private ServerSettings settings(String host, int port, Path data) {
    return new ServerSettings(
        host,
        port,
        data,
        DeepStorageLocation.local(directory.resolve("deep")),
        Optional.empty(),
        1 << 30,
        100_000,
        new Coordinator.Settings(0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
        new BrokerSettings(2, 4, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 64L << 20),
        Optional.empty());
  }

  private HttpResponse<String> send(String method, String path, Object body) {
    try {
      String text = body instanceof String json ? json : JSON.writeValueAsString(body);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
              .header("Content-Type", "application/json")
              .method(
                  method,
                  body == null
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(text))
              .build();
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private JsonNode json(String method, String path, Object body, int status) {
    HttpResponse<String> response = send(method, path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    try {
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new AssertionError(response.body(), e);
    }
  }

  private void assertError(
      String method, String path, Object body, int status, String code, String... messages) {
    JsonNode error = json(method, path, body, status);
    assertThat(error.path("errorCode").asText()).as(error.toString()).isEqualTo(code);
    assertThat(error.path("category").asText()).isNotEmpty();
    assertThat(error.path("errorMessage").asText()).contains(messages);
  }

  private void registerAds() {
    json(
        "POST",
        "/starfire/v1/datasources",
        new DataSourceRegistration(SegmentFiles.SCHEMA, null),
        200);
  }

  private String version(Interval interval) {
    return json(
            "POST",
            "/starfire/v1/versions",
            new VersionRequest("ads", List.of(interval), interval.endMillis()),
            200)
        .path("version")
        .asText();
  }

  private PublicationRequest publication(Interval interval, int events, boolean hold) {
    LocalDeepStorage deepStorage = new LocalDeepStorage(directory.resolve("deep"));
    String version = version(interval);
    List<SegmentDescriptor> segments = new ArrayList<>();
    for (Interval bucket : Granularity.HOUR.bucketsIn(interval)) {
      segments.add(
          SegmentFiles.push(deepStorage, directory.resolve("work"), bucket, version, events, 3));
    }
    return new PublicationRequest(
        "ads",
        List.of(interval),
        version,
        segments,
        "plan",
        Map.of("clicked", "PT2H"),
        Map.of("offsets", Map.of("0", 17)),
        hold,
        false);
  }

  private JsonNode awaitActive(String id) {
    return Waiting.await(
        "the publication to be active",
        () -> json("GET", "/starfire/v1/publications/" + id, null, 200),
        status -> status.path("state").asText().equals("ACTIVE"));
  }

  private String publish(Interval interval, int events) {
    JsonNode staged =
        json("POST", "/starfire/v1/publications", publication(interval, events, false), 201);
    return awaitActive(staged.path("id").asText()).path("id").asText();
  }

  private String answer(Interval interval) {
    return send("POST", "/druid/v2", QUERY.formatted("ads", interval, "clicks")).body();
  }

  @Test
  void aPublicationOverHttpIsQueryable() {
    registerAds();
    assertThat(answer(hours(10, 11))).isEqualTo("[]");
    publish(hours(10, 12), 7);
    assertThat(answer(hours(10, 11))).isEqualTo(expected("2026-11-20T10:00:00.000Z", 21));

    JsonNode timeline = json("GET", "/starfire/v1/timeline/ads", null, 200);
    assertThat(timeline.path("viewNumber").asLong()).isPositive();
    assertThat(timeline.path("pieces").findValuesAsText("kind")).containsExactly("batch", "batch");
    assertThat(timeline.path("pieces").findValuesAsText("events")).containsExactly("7", "7");
  }

  private static String expected(String timestamp, Integer clicks) {
    return "[{\"timestamp\":\"%s\",\"result\":{\"clicks\":%s}}]".formatted(timestamp, clicks);
  }

  @Test
  void bothPathsAnswerWithAQueryIdAndPrettyOnDemand() {
    registerAds();
    String query =
        QUERY
            .formatted("ads", hours(10, 11), "clicks")
            .replace("\"granularity\":\"hour\"", "\"granularity\":\"all\"");
    HttpResponse<String> plain = send("POST", "/druid/v2/", query);
    assertThat(plain.statusCode()).isEqualTo(200);
    assertThat(plain.headers().firstValue("X-Druid-Query-Id")).isPresent();
    assertThat(plain.headers().firstValue("Content-Type")).contains("application/json");

    String named =
        query.replace("\"granularity\"", "\"context\":{\"queryId\":\"q1\"},\"granularity\"");
    HttpResponse<String> pretty = send("POST", "/druid/v2/?pretty", named);
    assertThat(pretty.headers().firstValue("X-Druid-Query-Id")).contains("q1");
    assertThat(pretty.body()).contains("\n").contains("\"clicks\" : null");
  }

  @Test
  void everythingIsThereAfterARestart() {
    registerAds();
    String id = publish(hours(10, 12), 7);
    JsonNode held =
        json("POST", "/starfire/v1/publications", publication(hours(10, 12), 9, true), 201);
    String before = answer(hours(8, 14));
    server.close();

    server = StandaloneServer.start(settings("127.0.0.1", 0, directory.resolve("data")));
    assertThat(answer(hours(8, 14))).isEqualTo(before);
    assertThat(json("GET", "/starfire/v1/publications/" + id, null, 200).path("state").asText())
        .isEqualTo("ACTIVE");
    String heldPath = "/starfire/v1/publications/" + held.path("id").asText();
    json("POST", heldPath + "/activate", null, 200);
    awaitActive(held.path("id").asText());
    assertThat(answer(hours(10, 11))).isEqualTo(expected("2026-11-20T10:00:00.000Z", 27));
    assertThat(
            json("GET", "/starfire/v1/publications?dataSource=ads", null, 200)
                .findValuesAsText("superseded"))
        .containsExactly("false", "true");
  }

  @Test
  void aHeldPublicationIsActivatedOrAborted() {
    registerAds();
    String id =
        json("POST", "/starfire/v1/publications", publication(hours(10, 11), 7, true), 201)
            .path("id")
            .asText();
    String path = "/starfire/v1/publications/" + id;
    assertThat(json("POST", path + "/abort", null, 200).path("state").asText())
        .isEqualTo("ABORTED");
    assertError("POST", path + "/activate", null, 409, "CONFLICT", "was aborted");
    assertError("POST", path + "/rollback", null, 409, "CONFLICT", "nothing to roll back");

    String active = publish(hours(10, 11), 7);
    assertError(
        "POST",
        "/starfire/v1/publications/" + active + "/abort",
        null,
        409,
        "CONFLICT",
        "is active since view");
  }

  @Test
  void aStagedPublicationIsPreviewedQueriedActivatedAndRolledBack() {
    registerAds();
    publish(hours(10, 11), 7);
    String id =
        json("POST", "/starfire/v1/publications", publication(hours(10, 11), 9, true), 201)
            .path("id")
            .asText();
    String path = "/starfire/v1/publications/" + id;
    awaitLoaded(path);
    JsonNode preview = json("GET", path + "/preview", null, 200);
    assertThat(preview.at("/dataSources/0/buckets/0/interval").asText())
        .isEqualTo(hours(10, 11).toString());
    assertThat(preview.at("/dataSources/0/buckets/0/values/metrics/clicks"))
        .hasToString("{\"now\":21,\"staged\":27,\"difference\":6}");
    assertThat(preview.at("/dataSources/0/total/rows/difference").isIntegralNumber()).isTrue();
    long before = preview.path("viewNumber").asLong();

    String query = QUERY.formatted("ads", hours(10, 11), "clicks");
    HttpResponse<String> staged =
        send("POST", "/druid/v2", context(query, "\"starfirePublication\":\"" + id + "\""));
    assertThat(staged.body()).isEqualTo(expected("2026-11-20T10:00:00.000Z", 27));
    assertThat(staged.headers().firstValue("X-Druid-Response-Context"))
        .contains("{\"starfirePublication\":\"%s\",\"starfireView\":%d}".formatted(id, before));

    json("POST", path + "/activate", null, 200);
    awaitActive(id);
    assertThat(send("POST", "/druid/v2", context(query, "\"starfireView\":" + before)).body())
        .isEqualTo(expected("2026-11-20T10:00:00.000Z", 21));
    assertError(
        "POST", path + "/rollback", null, 409, "CONFLICT", "accept that with --accept-loss");
    JsonNode status = json("POST", path + "/rollback?acceptLoss=true", null, 200);
    assertThat(status.path("state").asText()).isEqualTo("ROLLED_BACK");
    assertThat(answer(hours(10, 11))).isEqualTo(expected("2026-11-20T10:00:00.000Z", 21));
    assertThat(send("POST", "/druid/v2", query).headers().firstValue("X-Druid-Response-Context"))
        .contains("{\"starfireView\":" + status.path("rolledBackViewNumber").asLong() + "}");
    assertError("GET", path + "/preview", null, 409, "CONFLICT", "was rolled back");
    assertError(
        "POST",
        "/druid/v2",
        context(query, "\"starfireView\":999"),
        400,
        "INVALID_INPUT",
        "there is no view 999 yet");
  }

  private static String context(String query, String context) {
    return query.replace("\"granularity\"", "\"context\":{" + context + "},\"granularity\"");
  }

  private void awaitLoaded(String path) {
    JsonNode unused =
        Waiting.await(
            "the segments",
            () -> json("GET", path, null, 200),
            status -> status.path("loadedCount").asInt() >= status.path("segmentCount").asInt());
  }

  @Test
  void dataSourcesAndTheirSchemasCanBeRead() {
    registerAds();
    JsonNode list = json("GET", "/starfire/v1/datasources", null, 200);
    assertThat(list.get(0).path("schema").path("name").asText()).isEqualTo("ads");
    String fingerprint = DataSourceTable.fingerprint(SegmentFiles.SCHEMA);
    JsonNode schema = json("GET", "/starfire/v1/datasources/ads/schemas/" + fingerprint, null, 200);
    assertThat(schema.path("segmentGranularity").asText()).isEqualTo("hour");
    assertError(
        "GET", "/starfire/v1/datasources/ads/schemas/0", null, 404, "NOT_FOUND", "fingerprint '0'");
  }

  @Test
  void statusHealthAndMetricsAnswer() {
    registerAds();
    String unused = answer(hours(10, 11));
    assertThat(json("GET", "/status", null, 200).path("version").asText()).isNotEmpty();
    assertThat(send("GET", "/status/health", null).body()).isEqualTo("true");
    assertThat(send("GET", "/metrics", null).body())
        .contains("starfire_query_duration_seconds_count{outcome=\"OK\"} 1")
        .contains("starfire_view_number 1.0");
  }

  @Test
  void badQueriesGetOneSentenceEach() {
    registerAds();
    assertError("POST", "/druid/v2", "{\"queryType\":", 400, "INVALID_INPUT", "JSON");
    assertError(
        "POST", "/druid/v2", "{\"queryType\":\"timeseris\"}", 400, "INVALID_INPUT", "timeseris");
    assertError(
        "POST",
        "/druid/v2",
        QUERY.formatted("add", hours(1, 2), "clicks"),
        404,
        "NOT_FOUND",
        "there is no data source 'add'; there are: ads");
    assertError(
        "POST",
        "/druid/v2",
        QUERY.formatted("ads", hours(1, 2), "click"),
        400,
        "INVALID_INPUT",
        "has no column 'click'");
    assertError(
        "POST",
        "/druid/v2",
        QUERY.formatted("ads", "2026-11-20T10/2026-11-20T10", "clicks"),
        400,
        "INVALID_INPUT",
        "2026-11-20T10");
    assertError("POST", "/druid/v2/sql", "{}", 400, "invalidInput", "lacks the field query");
    assertError("POST", "/druid/v2/sql/", "{}", 400, "invalidInput", "lacks the field query");
  }

  @Test
  void badBodiesSayWhatAndWhere() {
    registerAds();
    String path = "/starfire/v1/versions";
    assertError("POST", path, "", 400, "INVALID_INPUT", "the body");
    assertError("POST", path, "null", 400, "INVALID_INPUT", "must not be null");
    assertError("POST", path, "{\"a\":", 400, "INVALID_INPUT", "is not JSON", "line 1");
    assertError(
        "POST",
        path,
        "{\"dataSources\":[\"ads\"],\"interval\":[],\"runStartMillis\":0}",
        400,
        "INVALID_INPUT",
        "'interval' that is not known; known here are dataSources, intervals, runStartMillis",
        "line 1, column");
    assertError(
        "POST",
        path,
        "{\"dataSources\":[\"ads\"],\"intervals\":[\"today\"],\"runStartMillis\":0}",
        400,
        "INVALID_INPUT",
        "'today' is not an interval");
    assertError(
        "POST",
        path,
        "{\"dataSources\":[\"ads\"],\"intervals\":[\"2026-11-20/P1D\"]}",
        400,
        "INVALID_INPUT",
        "the body lacks the property 'runStartMillis'");
    assertError(
        "POST",
        "/starfire/v1/publications",
        "{\"dataSources\":[\"ads\"],\"hold\":false,\"acceptLoss\":false}",
        400,
        "INVALID_INPUT",
        "the body lacks the property 'version'");
    assertError(
        "POST",
        path,
        "[" + " ".repeat(200_000) + "]",
        413,
        "REQUEST_TOO_LARGE",
        "at most 100000 bytes");
    assertError("GET", "/" + "a".repeat(600), null, 404, "NOT_FOUND", "a".repeat(100) + "...");
    assertError(
        "POST",
        "/starfire/v1/publications",
        "{\"dataSource\":\"ads\",\"intervals\":7}",
        400,
        "INVALID_INPUT",
        "the body does not fit at 'intervals': a list is wanted");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertError("GET", "/starfire/v1/nothing", null, 404, "NOT_FOUND", "there is no route GET");
    assertError(
        "GET", "/starfire/v1/timeline/ads", null, 404, "NOT_FOUND", "none is registered yet");
    assertError("GET", "/starfire/v1/publications/p", null, 404, "NOT_FOUND", "no publication 'p'");
    assertError("GET", "/druid/v2", null, 405, "NOT_FOUND", "does not answer to GET");
  }

  @Test
  void aSegmentThatIsDamagedInDeepStorageKeepsThePublicationStagedWithTheReason()
      throws IOException {
    registerAds();
    PublicationRequest request = publication(hours(10, 12), 7, false);
    Path file = directory.resolve("deep").resolve(request.segments().get(1).path());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);

    String id = json("POST", "/starfire/v1/publications", request, 201).path("id").asText();
    String reason =
        Waiting.await(
            "the reason",
            () -> json("GET", "/starfire/v1/publications/" + id, null, 200).path("reason").asText(),
            said -> said.contains("is damaged"));
    assertThat(reason).startsWith("1 of 2 segments are loaded");
    assertThat(answer(hours(10, 11))).isEqualTo("[]");
  }

  @Test
  void aSecondServerOnTheSameDirectoryIsRefused() {
    assertThatThrownBy(
            () -> StandaloneServer.start(settings("127.0.0.1", 0, directory.resolve("data"))))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("another server is running on the data directory");
  }

  @Test
  void aPortInUseIsOneSentence() {
    assertThatThrownBy(
            () ->
                StandaloneServer.start(
                    settings("127.0.0.1", server.port(), directory.resolve("other"))))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("port %d on 127.0.0.1 is in use".formatted(server.port()));
    StandaloneServer.start(settings("127.0.0.1", 0, directory.resolve("other"))).close();
  }

  @Test
  void anotherAddressThanLoopbackIsRefused() {
    assertThatThrownBy(
            () -> StandaloneServer.start(settings("0.0.0.0", 0, directory.resolve("other"))))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("which others can reach, but nobody is asked who he is")
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.UNSUPPORTED);
  }
}
