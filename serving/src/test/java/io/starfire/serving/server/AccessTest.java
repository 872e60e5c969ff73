package io.starfire.serving.server;

import static io.starfire.serving.SegmentFiles.hour;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.serving.access.AccessSettings;
import io.starfire.serving.access.PasswordHash;
import io.starfire.serving.access.UserFile;
import io.starfire.serving.http.Access;
import io.starfire.serving.http.RouteTable;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with users: who may ask what, over HTTP, for every route that there is. */
class AccessTest {
  private static final String PASSWORD = "correct horse";
  private static final String ROOT = header("root");
  private static final String READER = header("reader");
  private static final String OTHER = header("other");
  private static final String WRITER = header("writer");

  private static final String COUNT =
      """
      {"queryType":"timeseries","dataSource":"ads","granularity":"all","intervals":["2000/2100"],
       "aggregations":[{"type":"longSum","name":"events","fieldName":"count"}]}
      """;

  /** These answer with what the caller may see: nothing of ads. */
  private static final Set<String> LISTS =
      Set.of("/druid/v2/datasources", "/starfire/v1/publications", "/starfire/v1/datasources");

  private static final Set<Access> READS = Set.of(Access.OPEN, Access.READ, Access.READ_NAMED);

  @TempDir static Path directory;

  private static AdsServer server;
  private static String publication;

  @BeforeAll
  static void start() {
    Path file = directory.resolve("users.json");
    String hash = PasswordHash.of(PASSWORD.toCharArray());
    UserFile.empty()
        .with(new UserFile.User("root", hash, List.of("admin")))
        .with(new UserFile.User("reader", hash, List.of("read")))
        .with(new UserFile.User("other", hash, List.of("write:other")))
        .with(new UserFile.User("writer", hash, List.of("write:ads")))
        .write(file);
    server =
        new AdsServer(
            directory.resolve("server"),
            new AccessSettings(Optional.of(file), Optional.empty(), Optional.empty()),
            ROOT);
    publication = server.publish(hour(10), 7);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String header(String user) {
    return "Basic "
        + Base64.getEncoder()
            .encodeToString((user + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));
  }

  private static HttpResponse<String> send(
      String method, String path, Object body, String authorization) {
    return server.send(
        method, path, body, "Authorization", authorization, "Content-Type", "application/json");
  }

  private static String path(RouteTable.Route route) {
    return route
        .path()
        .replace("{dataSource}", "ads")
        .replace("{name}", "ads")
        .replace("/supervisor/{id}", "/supervisor/ads")
        .replace("/publications/{id}", "/publications/" + publication)
        .replaceAll("\\{[^}]*}", "x")
        .replaceAll("<[^>]*>", "x");
  }

  @Test
  void everyRouteSaysWhoMayAskAndNobodyUnknownComesToIt() {
    for (RouteTable.Route route : server.server().routes()) {
      assertThat(route.access()).as(route.toString()).isNotNull();
      if (route.access() == Access.OPEN) {
        continue;
      }
      HttpResponse<String> answer =
          server.send(route.method(), path(route), null, "Content-Type", "application/json");
      assertThat(answer.statusCode()).as(route.toString()).isEqualTo(401);
      assertThat(answer.headers().firstValue("WWW-Authenticate"))
          .hasValue("Basic realm=\"starfire\", charset=\"UTF-8\"");
    }
  }

  @Test
  void aUserOfAnotherDataSourceSeesAndChangesNothingOfThisOne() {
    for (RouteTable.Route route : server.server().routes()) {
      if (route.access() == Access.OPEN) {
        continue;
      }
      boolean named = route.access() == Access.READ_NAMED || route.access() == Access.WRITE_NAMED;
      HttpResponse<String> answer =
          send(route.method(), path(route), route.method().equals("POST") ? COUNT : null, OTHER);
      if (!named) {
        assertThat(answer.statusCode()).as(route.toString()).isEqualTo(403);
      } else if (LISTS.contains(route.path()) && route.method().equals("GET")) {
        assertThat(AdsServer.tree(answer.body())).as(route.toString()).isEmpty();
      } else {
        assertThat(answer.body()).as(route.toString()).doesNotContain("publisher");
        assertThat(answer.statusCode()).as(route.toString()).isIn(202, 400, 403, 501);
      }
    }
    assertThat(send("POST", "/druid/v2", COUNT, OTHER).body())
        .contains("other is not allowed to read data source 'ads'");
    assertThat(server.get("/starfire/v1/publications/" + publication).path("state").asText())
        .isEqualTo("ACTIVE");
  }

  @Test
  void aReaderReadsAndChangesNothing() {
    JsonNode answer = AdsServer.tree(send("POST", "/druid/v2", COUNT, READER).body());

    assertThat(answer.path(0).path("result").path("events").asLong()).isEqualTo(7);
    for (RouteTable.Route route : server.server().routes()) {
      if (route.access() == Access.WRITE
          || route.access() == Access.WRITE_NAMED
          || route.access() == Access.ADMIN) {
        assertThat(send(route.method(), path(route), "{}", READER).statusCode())
            .as(route.toString())
            .isEqualTo(403);
      }
    }
  }

  @Test
  void aPostThatChangesSomethingMustSayThatItIsJson() {
    for (RouteTable.Route route : server.server().routes()) {
      if (route.method().equals("POST") && !READS.contains(route.access())) {
        assertThat(
                server
                    .send(
                        "POST",
                        path(route),
                        "{}",
                        "Content-Type",
                        "text/plain",
                        "Authorization",
                        ROOT)
                    .statusCode())
            .as(route.toString())
            .isEqualTo(415);
      }
    }
  }

  @Test
  void aWriterOfADataSourcePublishesIt() {
    String path = "/starfire/v1/publications/" + server.stage(hour(11), 5, true);

    assertThat(send("POST", path + "/abort", "{}", READER).statusCode()).isEqualTo(403);
    assertThat(send("POST", path + "/abort", "{}", OTHER).statusCode()).isEqualTo(403);
    assertThat(send("POST", path + "/abort", "{}", WRITER).statusCode()).isEqualTo(200);
    assertThat(send("GET", "/starfire/v1/datasources", null, WRITER).body()).contains("ads");
  }
}
