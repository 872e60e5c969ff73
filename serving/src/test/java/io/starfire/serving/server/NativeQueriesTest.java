package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hour;
import static io.starfire.serving.SegmentFiles.hours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.starfire.serving.Waiting;
import io.starfire.serving.broker.BrokerSettings;
import io.starfire.serving.coordinator.Coordinator;
import io.starfire.serving.coordinator.KeptViews;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shapes of native queries over HTTP, from segments of a publication. */
class NativeQueriesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private StandaloneServer server;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(directory.resolve("work"));
    server =
        StandaloneServer.start(
            new ServerSettings(
                "127.0.0.1",
                0,
                directory.resolve("data"),
                DeepStorageLocation.local(directory.resolve("deep")),
                Optional.empty(),
                1 << 30,
                100_000,
                new Coordinator.Settings(
                    0.05, Duration.ofMillis(20), new KeptViews(5, Duration.ofDays(1))),
                new BrokerSettings(
                    2, 4, 10, Duration.ofSeconds(30), Duration.ofSeconds(60), 64L << 20),
                Optional.empty()));
    post("/starfire/v1/datasources", new DataSourceRegistration(SegmentFiles.SCHEMA, null));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return client.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
        .build();
  }

  private JsonNode post(String path, Object body) throws Exception {
    HttpResponse<String> response = send("POST", path, JSON.writeValueAsString(body));
    assertThat(response.statusCode()).as(response.body()).isLessThan(300);
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> query(String json) throws Exception {
    return send("POST", "/druid/v2", json);
  }

  private String answer(String json) throws Exception {
    HttpResponse<String> response = query(json);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return response.body().replace('"', '\'');
  }

  private void publish(Interval interval, int events) throws Exception {
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
          SegmentFiles.push(deepStorage, directory.resolve("work"), bucket, version, events, 3));
    }
    PublicationRequest request =
        new PublicationRequest(
            "ads", List.of(interval), version, segments, "plan", Map.of(), Map.of(), false, false);
    String id = post("/starfire/v1/publications", request).path("id").asText();
    String unused =
        Waiting.await(
            "the publication to be active",
            () -> send("GET", "/starfire/v1/publications/" + id, "").body(),
            state -> state.contains("\"ACTIVE\""));
  }

  @Test
  void topNScanAndTimeBoundaryAnswerInDruidsShapes() throws Exception {
    publish(hours(10, 12), 4);
    assertThat(
            answer(
                "{'queryType':'topN','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',"
                    + "'dimension':'publisher','metric':'c','threshold':2,"
                    + "'aggregations':[{'type':'longSum','name':'c','fieldName':'clicks'}],"
                    + "'postAggregations':[{'type':'arithmetic','name':'half','fn':'/','fields':"
                    + "[{'type':'fieldAccess','fieldName':'c'},{'type':'constant','name':'two','value':2}]}]}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T00:00:00.000Z','result':[{'publisher':'p0','c':12,'half':6.0},"
                + "{'publisher':'p1','c':6,'half':3.0}]}]");
    assertThat(
            answer(
                "{'queryType':'scan','dataSource':'ads','intervals':'2026-11-20/P1D','limit':1,"
                    + "'offset':1,'order':'descending','resultFormat':'compactedList'}"))
        .isEqualTo(
            "[{'segmentId':null,'columns':['__time','publisher','count','clicks'],"
                + "'events':[[%d,'p1',1,3]],".formatted(hour(11).startMillis())
                + "'rowSignature':[{'name':'__time','type':'LONG'},{'name':'publisher','type':'STRING'},"
                + "{'name':'count','type':'LONG'},{'name':'clicks','type':'LONG'}]}]");
    assertThat(answer("{'queryType':'timeBoundary','dataSource':'ads'}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T10:00:00.000Z','result':"
                + "{'minTime':'2026-11-20T10:00:00.000Z','maxTime':'2026-11-20T11:00:00.000Z'}}]");
    assertThat(answer("{'queryType':'dataSourceMetadata','dataSource':'ads'}"))
        .isEqualTo(
            "[{'timestamp':'2026-11-20T11:00:00.000Z','result':"
                + "{'maxIngestedEventTime':'2026-11-20T11:00:00.000Z'}}]");
  }

  @Test
  void segmentMetadataDescribesWhatShows() throws Exception {
    publish(hours(10, 12), 4);
    publish(hours(11, 12), 5);
    JsonNode each =
        JSON.readTree(
            query("{'queryType':'segmentMetadata','dataSource':'ads','analysisTypes':[]}").body());
    assertThat(each.findValuesAsText("numRows")).containsExactly("3", "3");
    assertThat(each.get(0).path("id").asText()).startsWith("ads_2026-11-20T10:00:00.000Z_");
    JsonNode merged =
        JSON.readTree(
            query(
                    "{'queryType':'segmentMetadata','dataSource':'ads','merge':true,'intervals':'2026-11-20T11/PT1H',"
                        + "'analysisTypes':['aggregators','rollup','cardinality']}")
                .body());
    assertThat(merged.get(0).path("numRows").asInt()).isEqualTo(3);
    assertThat(merged.get(0).path("rollup").asBoolean()).isTrue();
    assertThat(merged.get(0).path("columns").path("publisher").path("cardinality").asInt())
        .isEqualTo(3);
    assertThat(merged.get(0).path("aggregators").path("count").path("type").asText())
        .isEqualTo("longSum");
  }

  @Test
  void headersNameTheQueryAndItsView() throws Exception {
    HttpResponse<String> response =
        query("{'queryType':'timeBoundary','dataSource':'ads','context':{'queryId':'q7'}}");
    assertThat(response.headers().firstValue("X-Druid-Query-Id")).contains("q7");
    assertThat(response.headers().firstValue("X-Druid-Response-Context").orElseThrow())
        .matches("\\{\"starfireView\":[0-9]+\\}");
    assertThat(response.body()).isEqualTo("[]");
  }

  @Test
  void lookupsAreRegisteredShownAndRemovedOverDruidsRoutes() throws Exception {
    String root = "/druid/coordinator/v1/lookups";
    String spec = "{'version':'%s','lookupExtractorFactory':{'type':'map','map':{'p0':'%s'}}}";
    HttpResponse<String> posted =
        send("POST", root + "/config", "{'__default':{'names':" + spec.formatted("v1", "a") + "}}");
    assertThat(posted.statusCode()).as(posted.body()).isEqualTo(202);
    assertThat(
            send("POST", root + "/config/__default/names", spec.formatted("v1", "b")).statusCode())
        .isEqualTo(409);
    assertThat(
            send("POST", root + "/config/__default/names", spec.formatted("v2", "c")).statusCode())
        .isEqualTo(202);
    assertThat(send("GET", root + "/config/all", "").body().replace('"', '\''))
        .isEqualTo(
            "{'__default':{'names':{'version':'v2','lookupExtractorFactory':"
                + "{'type':'map','map':{'p0':'c'},'isOneToOne':false}}}}");
    assertThat(send("GET", root + "/status", "").body().replace('"', '\''))
        .isEqualTo("{'__default':{'names':{'loaded':true}}}");
    assertThat(send("GET", "/druid/v1/lookups/introspect/names", "").body().replace('"', '\''))
        .isEqualTo("{'p0':'c'}");
    publish(hours(10, 11), 4);
    assertThat(
            answer(
                "{'queryType':'topN','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D','threshold':1,"
                    + "'dimension':{'type':'lookup','dimension':'publisher','outputName':'d','name':'names'},"
                    + "'metric':{'type':'dimension','previousStop':'a'},'aggregations':[]}"))
        .contains("'result':[{'d':'c'}]");
    assertThat(send("DELETE", root + "/config/__default/names", "").statusCode()).isEqualTo(202);
    assertThat(send("DELETE", root + "/config/__default/names", "").statusCode()).isEqualTo(404);
    assertThat(send("GET", root + "/config/all", "").body()).isEqualTo("{\"__default\":{}}");
    HttpResponse<String> refused =
        send(
            "POST",
            root + "/config/__default/x",
            "{'version':'v1','lookupExtractorFactory':{'type':'cachedNamespace'}}");
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(501);
  }

  @Test
  void dataSourcesTheirColumnsAndTheSegmentsOfAQueryAreListed() throws Exception {
    publish(hours(10, 12), 4);
    assertThat(send("GET", "/druid/v2/datasources", "").body()).isEqualTo("[\"ads\"]");
    JsonNode columns = JSON.readTree(send("GET", "/druid/v2/datasources/ads", "").body());
    assertThat(columns.path("dimensions").path(0).asText()).isEqualTo("publisher");
    assertThat(columns.path("metrics")).hasSize(2);
    JsonNode candidates =
        JSON.readTree(
            send("POST", "/druid/v2/candidates", "{'queryType':'timeBoundary','dataSource':'ads'}")
                .body());
    assertThat(candidates).hasSize(2);
    assertThat(candidates.path(0).path("interval").asText())
        .isEqualTo("2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z");
    assertThat(candidates.path(0).path("locations").path(0).path("type").asText())
        .isEqualTo("historical");
  }

  @Test
  void cancellingIsAcceptedWhetherThereIsSuchAQueryOrNot() throws Exception {
    HttpResponse<String> response = send("DELETE", "/druid/v2/q7", "");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void aLimitOfABillionAnswersWithWhatThereIs() throws Exception {
    publish(hours(0, 24), 1000);
    String all =
        answer(
            "{'queryType':'scan','dataSource':'ads','intervals':'2026-11-20/P1D','limit':1000000000,"
                + "'batchSize':2000000000,'order':'ascending','columns':['clicks']}");
    assertThat(all.split("\\{'clicks'", -1)).hasSize(1 + 24 * 51);
    assertThat(
            query(
                    "{'queryType':'topN','dataSource':'ads','granularity':'all','intervals':'2026-11-20/P1D',"
                        + "'dimension':'publisher','metric':{'type':'dimension'},'threshold':1000000000}")
                .body())
        .contains("p0", "p1", "p2");
    HttpResponse<String> refused =
        query("{'queryType':'scan','dataSource':'ads','intervals':'2026-11-20/P1D','limit':1e30}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("limit must be from 0 to 9223372036854775807, got 1.0E30");
  }

  @Test
  void anAnswerThatFailsOnItsWayIsBrokenOffAndOneThatFailsBeforeIsAnError() throws Exception {
    // More than is collected before the first rows are sent.
    publish(hours(0, 20), 3600);
    Set<Path> before = cachedFiles();
    publish(hours(20, 21), 1000);
    Set<Path> last = cachedFiles();
    last.removeAll(before);
    damage(last.iterator().next());

    String scan =
        "{'queryType':'scan','dataSource':'ads','intervals':'2026-11-20T%s/PT%dH','columns':['__time','publisher']}";
    HttpResponse<String> error = query(scan.formatted("20", 1));
    assertThat(error.statusCode()).as(error.body()).isEqualTo(500);
    assertThat(error.body()).contains("cannot be read and is being fetched again");

    awaitServed(scan.formatted("20", 1));
    last = cachedFiles();
    last.removeAll(before);
    damage(last.iterator().next());
    HttpResponse<InputStream> brokenOff =
        client.send(
            request("POST", "/druid/v2", scan.formatted("00", 21)),
            HttpResponse.BodyHandlers.ofInputStream());
    assertThat(brokenOff.statusCode()).isEqualTo(200);
    try (InputStream rows = brokenOff.body()) {
      // The rows of the first hour come, and then neither an end nor an error that looks like rows.
      assertThat(new String(rows.readNBytes(25), StandardCharsets.UTF_8))
          .isEqualTo("[{\"segmentId\":\"ads_2026-1");
      assertThatThrownBy(rows::readAllBytes).isInstanceOf(IOException.class);
    }
  }

  private void awaitServed(String query) {
    int unused =
        Waiting.await("an answer", () -> query(query).statusCode(), status -> status == 200);
  }

  private Set<Path> cachedFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("data").resolve("segment-cache"))) {
      return files.collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = bytes.length / 8; i < bytes.length / 2; i++) {
      bytes[i] ^= 1;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      int unused = channel.write(ByteBuffer.wrap(bytes));
    }
  }
}
