package io.starfire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StarfireConfigTest {
  @TempDir private Path directory;

  private enum Letter {
    ALPHA,
    BETA_TWO
  }

  @Test
  void defaultsComeFromTheReference() {
    StarfireConfig config = StarfireConfig.fromMap(Map.of());
    assertThat(config.duration("starfire.stream.lateness")).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.integer("starfire.server.port", 0, 65535)).isEqualTo(8888);
    assertThat(config.bytes("starfire.archive.roll-bytes")).isEqualTo(128L << 20);
    assertThat(config.has("starfire.metadata.url")).isFalse();
    assertThat(config.names("starfire.sources")).isEmpty();
    assertThat(config.properties("starfire.kafka.properties")).isEmpty();
  }

  @Test
  void overridesWinOverTheFileAndTheFileOverDefaults() throws IOException {
    Path file =
        file(
            "a.conf",
            """
            starfire.server { port = 1000, host = "0.0.0.0" }
            """);
    StarfireConfig config = StarfireConfig.load(file, Map.of("starfire.server.port", "2000"));
    assertThat(config.integer("starfire.server.port")).isEqualTo(2000);
    assertThat(config.string("starfire.server.host")).isEqualTo("0.0.0.0");
    assertThat(config.string("starfire.stream.state")).isEqualTo("memory");
    assertThat(
            config
                .withOverrides(Map.of("starfire.server.port", "3000"))
                .integer("starfire.server.port"))
        .isEqualTo(3000);
  }

  @Test
  void includesAreRelativeToTheirFile() throws IOException {
    Files.createDirectories(directory.resolve("sub"));
    file("sub/ports.conf", "starfire.server.port = 7");
    Path file =
        file(
            "main.conf", "include \"sub/ports.conf\"\nbase = 5\nstarfire.batch.reducers = ${base}");
    StarfireConfig config = StarfireConfig.load(file, Map.of());
    assertThat(config.integer("starfire.server.port")).isEqualTo(7);
    assertThat(config.integer("starfire.batch.reducers")).isEqualTo(5);
  }

  @Test
  void eachSourceHasTheDefaultsOfSources() {
    StarfireConfig config =
        StarfireConfig.fromString(
            "starfire.sources { clicks.topic = c, \"a.b\" { topic = d, csv.columns = [x, y] } }");
    assertThat(config.names("starfire.sources")).containsExactly("a.b", "clicks");
    assertThat(config.string("starfire.sources.clicks.format")).isEqualTo("json");
    String dotted = StarfireConfig.path("starfire", "sources", "a.b", "csv", "columns");
    assertThat(config.list(dotted)).containsExactly("x", "y");
    assertThat(
            config
                .withOverrides(Map.of("starfire.sources.clicks.csv.columns", "p, q"))
                .list("starfire.sources.clicks.csv.columns"))
        .containsExactly("p", "q");
  }

  @Test
  void whatIsRenderedReadsAsTheSame() {
    StarfireConfig config =
        StarfireConfig.fromString(
            "starfire { kafka.properties { security.protocol = SSL, linger.ms = 5 },"
                + " sources.s.fields.a = b }");
    StarfireConfig shipped = StarfireConfig.fromString(config.render());
    assertThat(shipped.render()).isEqualTo(config.render());
    assertThat(shipped.properties("starfire.kafka.properties"))
        .containsExactly(Map.entry("linger.ms", "5"), Map.entry("security.protocol", "SSL"));
  }

  @Test
  void propertiesKeepTheirDottedNames() {
    StarfireConfig config =
        StarfireConfig.fromMap(Map.of("starfire.kafka.properties.ssl.truststore.location", "/a b"));
    assertThat(config.properties("starfire.kafka.properties"))
        .containsExactly(Map.entry("ssl.truststore.location", "/a b"));
  }

  @Test
  void unknownKeysAreRefusedWithTheNearestOne() throws IOException {
    Path file = file("typo.conf", "\n\nstarfire.stream.latenes = 5m");
    assertThatThrownBy(() -> StarfireConfig.load(file, Map.of()))
        .isInstanceOf(StarfireException.class)
        .hasMessage(
            "starfire.stream.latenes (%s, line 3) is not a key of Starfire; did you mean starfire.stream.lateness?"
                .formatted(file));
    refused(
        "starfire.sources.clicks.topik = a",
        "starfire.sources.clicks.topik (line 1) is not a key of Starfire; did you mean"
            + " starfire.sources.<name>.topic?");
    refused("starfire.lookups.x.key-colum = a", "did you mean starfire.lookups.<name>.key-column?");
    refused(
        "starfire.serve.port = 1",
        "starfire.serve (line 1) is not a key of Starfire; did you mean starfire.server?");
    refused("starfire.server = 1", "starfire.server (line 1) is a group of keys, not a value");
    refused(
        "starfire.server.port.x = 1",
        "starfire.server.port (line 1) is a value, not a group of keys");
    refused(
        "starfire.sources.clicks = 1",
        "starfire.sources.clicks (line 1) is a group of keys, not a value");
    refused("starfire = 1", "starfire must be a group of keys, not a value");
  }

  @Test
  void malformedFilesAreRefusedWithTheirLine() throws IOException {
    Path file = file("broken.conf", "starfire {\n  server.port = [1\n}\n");
    assertThatThrownBy(() -> StarfireConfig.load(file, Map.of()))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("the configuration cannot be read: ")
        .hasMessageContaining("broken.conf: 3");
    refused("starfire.server.host = ${NO_SUCH_VARIABLE_OF_OURS}", "NO_SUCH_VARIABLE_OF_OURS");
    Path missing = directory.resolve("missing.conf");
    assertThatThrownBy(() -> StarfireConfig.load(missing, Map.of()))
        .isInstanceOf(StarfireException.class)
        .hasMessage("there is no configuration file %s; name one with --config".formatted(missing))
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void aWrongValueIsNamedWithItsKeyPlaceAndWhatIsExpected() {
    StarfireConfig config =
        StarfireConfig.fromString(
            """
            starfire.stream { lateness = 5, idle-timeout = "soon", threads = many, state = disk }
            starfire.server.port = 70000
            starfire.archive.roll-bytes = "1 potato"
            starfire.source-defaults.csv.empty-as-null = maybe
            """);
    bad(
        () -> config.duration("starfire.stream.lateness"),
        "starfire.stream.lateness = 5 (line 1) is not a duration; write it like 500ms, 30s, 5m or"
            + " 1h");
    bad(
        () -> config.duration("starfire.stream.idle-timeout"),
        "starfire.stream.idle-timeout = \"soon\" (line 1) is not a duration");
    bad(
        () -> config.integer("starfire.stream.threads"),
        "starfire.stream.threads = \"many\" (line 1) is not a whole number");
    bad(
        () -> config.integer("starfire.server.port", 0, 65535),
        "starfire.server.port = 70000 (line 2) must be from 0 to 65535");
    bad(
        () -> config.bytes("starfire.archive.roll-bytes"),
        "starfire.archive.roll-bytes = \"1 potato\" (line 3) is not a number of bytes");
    bad(() -> config.bool("starfire.source-defaults.csv.empty-as-null"), "is not true or false");
    bad(
        () -> config.choice("starfire.stream.state", Letter.class),
        "starfire.stream.state = \"disk\" (line 1) is not one of alpha, beta-two");
    bad(
        () -> config.string("starfire.metadata.url"),
        "starfire.metadata.url is not set; it must be text");
  }

  @Test
  void durationsAreReadInHoconAndInIsoForm() {
    StarfireConfig config =
        StarfireConfig.fromMap(
            Map.of(
                "starfire.stream.lateness",
                "PT90S",
                "starfire.stream.grants.clicked",
                "2h",
                "starfire.stream.state",
                "beta-two",
                "starfire.stream.idle-timeout",
                "0"));
    assertThat(config.duration("starfire.stream.lateness")).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.duration("starfire.stream.grants.clicked")).isEqualTo(Duration.ofHours(2));
    assertThat(config.duration("starfire.stream.idle-timeout")).isZero();
    assertThat(config.choice("starfire.stream.state", Letter.class)).isEqualTo(Letter.BETA_TWO);
  }

  @Test
  void propertiesThatRunCodeOrUndoGuaranteesAreRefused() {
    for (String key :
        new String[] {
          "sasl.jaas.config",
          "sasl.login.class",
          "interceptor.classes",
          "metric.reporters",
          "config.providers",
          "config.providers.file.class",
          "key.deserializer",
          "consumer.value.deserializer",
          "security.providers",
          "ssl.engine.factory.class",
          "sasl.client.callback.handler.class",
          "default.deserialization.exception.handler",
          "sasl.oauthbearer.token.endpoint.url",
          "partitioner.class",
          "rocksdb.config.setter"
        }) {
      refused(
          "starfire.kafka.properties { " + key + " = x }",
          "starfire.kafka.properties." + key + " is not allowed: it can run code or read files");
    }
    refused(
        "starfire.batch.properties { mapreduce.job.map.class = x }",
        "starfire.batch.properties.mapreduce.job.map.class is not allowed");
    refused(
        "starfire.kafka.properties { bootstrap.servers = x }",
        "starfire.kafka.properties.bootstrap.servers is not allowed: Starfire sets it itself; use"
            + " starfire.kafka.bootstrap-servers");
    refused(
        "starfire.kafka.properties { auto.offset.reset = latest }",
        "Starfire sets it itself; leave it out");
  }

  private static void refused(String text, String message) {
    bad(() -> StarfireConfig.fromString(text), message);
  }

  private static void bad(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  @Test
  void aBackslashKeepsACommaInAName() {
    StarfireConfig config =
        StarfireConfig.fromMap(Map.of("starfire.sources.a.batch.paths", "x\\,y.json, z.json"));
    assertThat(config.list("starfire.sources.a.batch.paths")).containsExactly("x,y.json", "z.json");
  }
}
