package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the build runs once while the JVM records which classes are loaded ({@code
 * -XX:ArchiveClassesAtExit}): a file is indexed, and a server starts that has it and answers a
 * query. {@code bin/starfire} then has these classes at hand, checked and linked, instead of
 * reading each of them at each start.
 */
final class ClassRecording {
  private static final String SPEC =
      """
      {"type": "index_parallel", "spec": {
        "dataSchema": {
          "dataSource": "recording",
          "timestampSpec": {"column": "time", "format": "iso"},
          "dimensionsSpec": {"dimensions": ["word", {"name": "number", "type": "long"}]},
          "metricsSpec": [
            {"type": "count", "name": "count"},
            {"type": "doubleSum", "name": "price", "fieldName": "price"}],
          "granularitySpec": {"segmentGranularity": "DAY", "queryGranularity": "NONE", "rollup": false,
            "intervals": ["2001-01-01/2001-01-02"]}},
        "ioConfig": {"type": "index_parallel",
          "inputFormat": {"type": "csv", "findColumnsFromHeader": true}},
        "tuningConfig": {"type": "index_parallel"}}}
      """;
  private static final String ROWS =
      """
      time,word,number,price
      2001-01-01T00:00:00Z,one,1,1.25
      2001-01-01T01:00:00Z,two,2,2.50
      """;
  private static final String QUERY =
      """
      {"queryType": "groupBy", "dataSource": "recording", "granularity": "all",
       "intervals": ["2001-01-01/2001-01-02"], "dimensions": ["word"],
       "filter": {"type": "in", "dimension": "word", "values": ["one", "two"]},
       "aggregations": [{"type": "longSum", "name": "n", "fieldName": "count"},
         {"type": "doubleSum", "name": "price", "fieldName": "price"}]}
      """;

  private final Path directory;

  private ClassRecording(Path directory) {
    this.directory = directory;
  }

  /**
   * Runs all of it.
   *
   * @param arguments the directory to work in, which is emptied before and afterwards
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    if (Files.exists(directory)) {
      TemporaryDirectory.delete(directory);
    }
    Files.createDirectories(directory);
    try {
      new ClassRecording(directory).run();
    } finally {
      TemporaryDirectory.delete(directory);
    }
    // Threads of libraries must not keep it from ending.
    System.exit(0);
  }

  private void run() throws IOException {
    Path spec = Files.writeString(directory.resolve("spec.json"), SPEC);
    Path rows = Files.writeString(directory.resolve("rows.csv"), ROWS);
    Path query = Files.writeString(directory.resolve("query.json"), QUERY);
    try (StandaloneServer server = start()) {
      String url = url(server);
      command(
          url,
          "index",
          "--spec",
          spec.toString(),
          "--temporary-dir",
          directory.toString(),
          "-Dstarfire.server.coordinator-url=" + url,
          "-Dstarfire.deep-storage.root=" + directory.resolve("deep"),
          rows.toString());
    }
    // Started again, as a server that has data is.
    try (StandaloneServer server = start()) {
      command(url(server), "query", "--server", url(server), query.toString());
    }
  }

  private StandaloneServer start() {
    return StandaloneServer.start(
        StarfireConfig.fromMap(
            Map.of(
                "starfire.server.port", "0",
                "starfire.server.data-dir", directory.resolve("data").toString(),
                "starfire.deep-storage.root", directory.resolve("deep").toString())));
  }

  private static String url(StandaloneServer server) {
    return "http://127.0.0.1:" + server.port();
  }

  private static void command(String url, String... command) {
    int code = Main.run(command);
    if (code != 0) {
      throw new StarfireException(
          ErrorCode.INTERNAL,
          "%s at %s ended with exit code %d"
              .formatted(new ArrayList<>(List.of(command)), url, code));
    }
  }
}
