package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.Granularity;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.StarfireClient;
import io.starfire.protocol.VersionRequest;
import io.starfire.segment.SegmentDescriptor;
import io.starfire.segment.SegmentId;
import io.starfire.segment.format.SegmentWriter;
import io.starfire.segment.format.WrittenSegment;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.storage.LocalDeepStorage;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The publication commands against a running server. */
class PublicationCommandTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Interval HOUR = Interval.parse("2026-01-20T10/PT1H");
  private static final DataSourceSchema SCHEMA =
      new DataSourceSchema(
          "hits",
          List.of(new DimensionSpec("page", ColumnType.STRING)),
          List.of(
              new MetricSpec("hits", Aggregation.COUNT),
              new MetricSpec("seconds", Aggregation.DOUBLE_SUM)),
          Granularity.HOUR,
          Granularity.MINUTE,
          true);

  @TempDir Path directory;
  private StandaloneServer server;
  private StarfireClient caller;

  @BeforeEach
  void start() throws IOException {
    StarfireConfig config =
        StarfireConfig.fromMap(
            Map.of(
                "starfire.server.data-dir", directory.resolve("data").toString(),
                "starfire.deep-storage.root", directory.resolve("deep").toString(),
                "starfire.kafka.bootstrap-servers", "127.0.0.1:1"));
    server = StandaloneServer.start(ServerSettings.of(config).withPort(0));
    caller = new StarfireClient(url(), "--server");
    caller.post(
        "starfire/v1/datasources",
        JSON.writeValueAsBytes(new DataSourceRegistration(SCHEMA, null)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private Said publication(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "publication";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--server";
    all[arguments.length + 2] = url();
    return Said.by(all);
  }

  /** Registers a held publication of one hour, of half a second an event; returns when loaded. */
  private String stage(int events) throws IOException {
    String version =
        caller
            .post(
                "starfire/v1/versions",
                JSON.writeValueAsBytes(new VersionRequest("hits", List.of(HOUR), HOUR.endMillis())))
            .path("version")
            .asText();
    SegmentId id = new SegmentId("hits", HOUR, version, 0);
    PublicationRequest request =
        new PublicationRequest(
            "hits",
            List.of(HOUR),
            version,
            List.of(segment(id, events)),
            "plan",
            Map.of(),
            Map.of(),
            true,
            false);
    String publication =
        caller
            .post("starfire/v1/publications", JSON.writeValueAsBytes(request))
            .path("id")
            .asText();
    Awaitility.await("the segment")
        .atMost(Duration.ofSeconds(20))
        .until(() -> caller.publication(publication).loadedCount() > 0);
    return publication;
  }

  private SegmentDescriptor segment(SegmentId id, int events) throws IOException {
    IncrementalIndex index = new IncrementalIndex(SCHEMA);
    for (int i = 0; i < events; i++) {
      index.add(
          new DataRow(
              HOUR.startMillis(),
              new Object[] {"/"},
              new long[] {0, Double.doubleToRawLongBits(0.5)},
              null));
    }
    Path file = Files.createDirectories(directory.resolve("work")).resolve(id.fileName());
    try (var rows = index.sortedSnapshot()) {
      WrittenSegment written = SegmentWriter.write(rows, HOUR, file);
      String path =
          new LocalDeepStorage(directory.resolve("deep")).push(file, "hits/" + id.fileName());
      return new SegmentDescriptor(
          id, 1, false, path, written.sizeBytes(), written.rowCount(), written.eventCount());
    }
  }

  @Test
  void aStagedPublicationIsPreviewedAsATableAndAsJson() throws IOException {
    String first = stage(10);
    assertThat(publication("activate", first).exitCode()).isZero();
    String id = stage(12);

    Said table = publication("preview", id);
    assertThat(table.exitCode()).as(table.err()).isZero();
    List<String> lines = table.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(lines.get(0))
        .matches("publication %s, staged, compared with view \\d+".formatted(id));
    assertThat(lines.subList(2, lines.size()))
        .containsExactly(
            "data source hits",
            "bucket now staged difference",
            HOUR + " rows 1 1 +0",
            " hits 10 12 +2",
            " seconds 5.0000 6.0000 +1.0000",
            "total rows 1 1 +0",
            " hits 10 12 +2",
            " seconds 5.0000 6.0000 +1.0000");

    JsonNode json = JSON.readTree(publication("preview", id, "--json").out());
    assertThat(json.at("/dataSources/0/total/metrics/hits/difference").asInt()).isEqualTo(2);
    publication("preview", first).refused(3, "is active since view");
  }

  @Test
  void aRollbackIsRefusedIfLessWouldShowAndDoneIfThatIsAccepted() throws IOException {
    String first = stage(10);
    publication("activate", first);
    String second = stage(12);
    publication("activate", second);

    publication("rollback", second)
        .refused(3, "is not rolled back", "would hold 10 events where 12 show", "--accept-loss");
    Said done = publication("rollback", second, "--accept-loss");
    assertThat(done.exitCode()).as(done.err()).isZero();
    assertThat(done.out())
        .contains("state        rolled back")
        .containsPattern("rolled back  .*, view");
    assertThat(publication("show", first).out()).contains("state        active");
    publication("activate", second).refused(3, "cannot be activated again");
    publication("rollback", "nope").refused(3, "there is no publication 'nope'");
  }

  @Test
  void lessThanWhatShowsIsActivatedIfThatIsAccepted() throws IOException {
    publication("activate", stage(10));
    String less = stage(5);
    Said refused = publication("activate", less);
    assertThat(refused.out()).contains("which is 50.0% less");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(publication("activate", less, "--accept-loss").out())
        .contains("state        active");
  }
}
