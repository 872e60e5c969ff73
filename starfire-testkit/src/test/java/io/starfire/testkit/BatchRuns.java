package io.starfire.testkit;

import io.starfire.batch.BatchOptions;
import io.starfire.batch.BatchReport;
import io.starfire.batch.BatchRun;
import io.starfire.batch.WrittenFiles;
import io.starfire.common.Interval;
import io.starfire.config.StarfireConfig;
import io.starfire.plan.Plan;
import io.starfire.protocol.PublicationRequest;
import io.starfire.testkit.RandomEvents.Arrival;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs the batch driver in Hadoop's local job runner and reads the segments that it published. */
final class BatchRuns {
  /** The rows by data source and files, and the outcomes as the driver reports them. */
  record Answer(Map<String, Map<RowValue, Long>> rows, Map<String, Map<String, Long>> outcomes) {}

  private BatchRuns() {}

  static Answer run(
      Class<?> pipeline, Plan plan, List<Arrival> arrivals, Interval interval, Path directory)
      throws IOException {
    Files.createDirectories(directory);
    Path labels = Files.writeString(directory.resolve("labels.csv"), RandomEvents.lookupCsv());
    try (RecordingCoordinator coordinator = new RecordingCoordinator()) {
      Map<String, String> config = new TreeMap<>(ThingRows.CONFIG);
      config.put("starfire.batch.work-dir", directory.resolve("work").toString());
      config.put("starfire.deep-storage.root", directory.resolve("deep").toString());
      config.put("starfire.files.root", directory.resolve("files").toString());
      config.put("starfire.server.coordinator-url", coordinator.url());
      config.put("starfire.lookups.labels.file", labels.toString());
      config.put("starfire.batch.split-bytes", "4k");
      config.put("starfire.batch.reducers", "3");
      for (var source : plan.sources()) {
        Path files = directory.resolve(source.name());
        write(files, source.name(), arrivals);
        config.put("starfire.sources." + source.name() + ".batch.paths", files.toString());
      }
      BatchOptions options =
          new BatchOptions(
              pipeline.getName(),
              interval,
              StarfireConfig.fromMap(config),
              Map.of(),
              true,
              true,
              false);
      Instant later = Instant.ofEpochMilli(interval.endMillis()).plus(Duration.ofDays(10));
      BatchReport report = BatchRun.run(options, line -> {}, InstantSource.fixed(later));
      Map<String, Map<RowValue, Long>> rows = new TreeMap<>();
      for (PublicationRequest publication : coordinator.publications()) {
        for (String dataSource : publication.dataSources()) {
          rows.put(
              dataSource,
              PublishedRows.read(plan, publication, dataSource, directory.resolve("deep")));
        }
      }
      for (WrittenFiles files : report.files()) {
        rows.put("files " + files.name(), lines(Path.of(URI.create(files.directory()))));
      }
      rows.values().removeIf(Map::isEmpty);
      return new Answer(rows, report.outcomes());
    }
  }

  private static Map<RowValue, Long> lines(Path directory) throws IOException {
    Map<RowValue, Long> rows = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jsonl")) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file)) {
          rows.merge(ResultText.value(null, line), 1L, Long::sum);
        }
      }
    }
    return rows;
  }

  /** Two files, so that copies of an event lie in different splits. */
  private static void write(Path files, String source, List<Arrival> arrivals) throws IOException {
    Files.createDirectories(files);
    List<String> lines = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      if (arrival.source().equals(source)) {
        lines.add(ThingJson.write(arrival.thing()));
      }
    }
    int half = lines.size() / 2;
    Files.write(files.resolve("1.json"), lines.subList(0, half));
    Files.write(files.resolve("2.json"), lines.subList(half, lines.size()));
  }
}
