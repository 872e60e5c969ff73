package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.config.StarfireConfig;
import io.starfire.serving.server.ServerSettings;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor commands against a running server, whose broker does not answer. */
class SupervisorCommandTest {
  private static final int USAGE = 2;
  private static final int COULD_NOT_RUN = 3;
  private static final String SPEC =
      """
      {"type": "kafka", "spec": {
        "dataSchema": {
          "dataSource": "edits",
          "timestampSpec": {"column": "time", "format": "auto"},
          "metricsSpec": [{"name": "count", "type": "count"}]},
        "ioConfig": {"topic": "edits-topic", "inputFormat": {"type": "json"}, "taskCount": 2}}}
      """;

  @TempDir Path directory;
  private StandaloneServer server;

  @BeforeEach
  void start() {
    StarfireConfig config =
        StarfireConfig.fromMap(
            Map.of(
                "starfire.server.data-dir", directory.resolve("data").toString(),
                "starfire.deep-storage.root", directory.resolve("deep").toString(),
                "starfire.kafka.bootstrap-servers", "127.0.0.1:1"));
    server = StandaloneServer.start(ServerSettings.of(config).withPort(0));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Said supervisor(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "supervisor";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[all.length - 2] = "--server";
    all[all.length - 1] = "http://127.0.0.1:" + server.port();
    return Said.by(all);
  }

  /** One sentence; what the server in this process logs may stand beside it. */
  private void refused(int exitCode, String sentence, String... arguments) {
    Said said = supervisor(arguments);
    assertThat(said.err()).contains("starfire: ").contains(sentence);
    assertThat(said.exitCode()).as(said.err()).isEqualTo(exitCode);
  }

  @Test
  void aSpecIsPostedListedSuspendedResumedAndTerminated() throws IOException {
    assertThat(supervisor("list").out()).contains("There are no supervisors.\n");
    String file = Files.writeString(directory.resolve("spec.json"), SPEC).toString();
    Said posted = supervisor("post", file);
    assertThat(posted.exitCode()).as(posted.err()).isZero();
    assertThat(posted.out()).endsWith("edits\n");
    assertThat(posted.err()).contains("ignored spec.ioConfig.taskCount");
    assertThat(supervisor("list").out()).contains("edits  ", "  topic edits-topic\n");
    assertThat(supervisor("status", "edits").out())
        .contains("topic       edits-topic", "rejected    {}", "warning     ignored");
    assertThat(supervisor("suspend", "edits").out()).contains("edits: suspend\n");
    refused(USAGE, "it is suspended, so it cannot be", "suspend", "edits");
    assertThat(supervisor("resume", "edits").out()).contains("edits: resume\n");
    assertThat(supervisor("terminate", "edits").exitCode()).isZero();
  }

  @Test
  void whatIsWrongIsOneSentence() throws IOException {
    Path file = directory.resolve("spec.json");
    Files.writeString(file, SPEC.replace("\"topic\"", "\"topics\""));
    refused(USAGE, "spec.ioConfig.topic is missing", "post", file.toString());
    Files.writeString(file, SPEC.replace("\"count\"}", "\"variance\"}"));
    refused(
        USAGE,
        "spec.dataSchema.metricsSpec[0].type 'variance' is not supported",
        "post",
        file.toString());
    refused(COULD_NOT_RUN, "there is no spec file", "post", directory + "/none.json");
    refused(COULD_NOT_RUN, "there is no supervisor 'nobody'", "status", "nobody");
    Said nothing = Said.by("supervisor");
    assertThat(nothing.err()).contains("Name what to do: post, list, status");
    assertThat(nothing.exitCode()).isEqualTo(USAGE);
  }
}
