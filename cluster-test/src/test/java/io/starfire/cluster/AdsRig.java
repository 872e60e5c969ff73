package io.starfire.cluster;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.starfire.archiver.Archiver;
import io.starfire.archiver.ArchiverOptions;
import io.starfire.common.Interval;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.jobs.ads.AdEventsGenerator;
import io.starfire.jobs.ads.AdEventsTruth;
import io.starfire.jobs.ads.AdEventsTruth.Hour;
import io.starfire.jobs.ads.GeneratedRecord;
import io.starfire.serving.server.StandaloneServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A cluster with the ad events: generated, sent to a real Kafka, archived to HDFS by the archiver,
 * and a server with its deep storage on HDFS. One thread.
 */
final class AdsRig implements AutoCloseable {
  static final long SEED = Long.getLong("starfire.seed", 20261121L);
  private static final int HOURS = 3;
  private static final Duration ARCHIVE_TIME = Duration.ofSeconds(60);

  private final HadoopCluster cluster;
  private final Path directory;
  private final AdEventsTruth truth = new AdEventsTruth();
  private final Interval interval;
  private final EmbeddedKafka kafka;
  private final Path config;
  private final StandaloneServer server;

  private AdsRig(HadoopCluster cluster) throws IOException {
    System.out.println("seed " + SEED);
    this.cluster = cluster;
    this.directory = Files.createDirectories(cluster.directory().resolve("starfire"));
    Instant start =
        Clock.systemUTC().instant().truncatedTo(ChronoUnit.HOURS).minus(8, ChronoUnit.HOURS);
    this.interval =
        new Interval(start.toEpochMilli(), start.plus(HOURS, ChronoUnit.HOURS).toEpochMilli());
    Files.writeString(directory.resolve("advertisers.csv"), AdEventsGenerator.advertisersCsv());
    this.kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    kafka.createTopic(AdEvents.IMPRESSIONS, 2);
    kafka.createTopic(AdEvents.CLICKS, 2);
    this.server = StandaloneServer.start(StarfireConfig.fromMap(settings(0)));
    this.config = directory.resolve("ads.conf");
    StringBuilder hocon = new StringBuilder();
    settings(server.port())
        .forEach((key, value) -> hocon.append("%s = \"%s\"%n".formatted(key, value)));
    Files.writeString(config, hocon);
  }

  /** Starts a cluster and the server, and archives all events. */
  static AdsRig start(String name) {
    HadoopCluster cluster = HadoopCluster.start(name);
    AdsRig rig = null;
    try {
      rig = new AdsRig(cluster);
      rig.archive();
      return rig;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (rig == null) {
        cluster.close();
      }
    }
  }

  HadoopCluster cluster() {
    return cluster;
  }

  /** The hours that runs replace. */
  Interval interval() {
    return interval;
  }

  private Map<String, String> settings(int port) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("starfire.kafka.bootstrap-servers", kafka.bootstrapServers());
    values.put("starfire.hadoop.properties.\"dfs.replication\"", "1");
    values.put("starfire.sources.impressions.topic", AdEvents.IMPRESSIONS);
    values.put("starfire.sources.clicks.topic", AdEvents.CLICKS);
    values.put(
        "starfire.lookups.advertisers.file",
        directory.resolve("advertisers.csv").toUri().toString());
    values.put("starfire.lookups.advertisers.key-column", "advertiserId");
    values.put("starfire.archive.root", cluster.root() + "/starfire/archive");
    values.put("starfire.archive.port", "-1");
    values.put("starfire.archive.completeness-interval", "500ms");
    values.put("starfire.archive.roll-interval", "1s");
    values.put("starfire.batch.work-dir", work());
    values.put("starfire.batch.reducers", "3");
    // What a run leaves when it fails is looked at: nothing.
    values.put("starfire.batch.keep-failed-runs-for", "0s");
    values.put("starfire.batch.split-bytes", "128k");
    values.put("starfire.deep-storage.root", deepStorage());
    values.put("starfire.server.port", Integer.toString(port));
    values.put("starfire.server.coordinator-url", "http://127.0.0.1:" + port);
    values.put("starfire.server.data-dir", directory.resolve("server").toString());
    return values;
  }

  private void archive() {
    AdEventsGenerator generator =
        new AdEventsGenerator(
            new AdEventsGenerator.Settings(
                SEED, Instant.ofEpochMilli(interval.startMillis()), 1.2, Duration.ofMinutes(5)));
    long endMillis = interval.endMillis() + Duration.ofMinutes(130).toMillis();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      while (generator.nextArrivalMillis() < endMillis) {
        GeneratedRecord record = generator.next();
        truth.add(record);
        var unused =
            producer.send(new ProducerRecord<>(record.source(), record.key(), record.value()));
      }
    }
    long sentMillis = Clock.systemUTC().millis();
    // Two at once: a rename that overwrote would have them list events twice or destroy files.
    try (Archiver archiver = startArchiver();
        Archiver rival = startArchiver()) {
      await("the archive is complete")
          .atMost(ARCHIVE_TIME)
          .until(
              () -> {
                for (Archiver each : List.of(archiver, rival)) {
                  if (each.failure() != null) {
                    throw new AssertionError(each.failure());
                  }
                }
                return archiver.status().completeUpToMillis() > sentMillis
                    && rival.status().completeUpToMillis() > sentMillis;
              });
    }
  }

  private Archiver startArchiver() {
    return Archiver.start(
        ArchiverOptions.of(
            AdEvents.class.getName(),
            AdEvents.class.getClassLoader(),
            StarfireConfig.load(config, Map.of())));
  }

  /** {@code hadoop jar starfire-jobs.jar AdEvents} with more arguments. */
  JavaProcess submit(String name, List<String> arguments) {
    return cluster.submit(name, run(arguments));
  }

  /** {@code bin/starfire batch AdEvents}. */
  JavaProcess starfireBatch(String name) {
    return cluster.starfire(name, run(List.of("batch")));
  }

  /** Waits until a map of a run has begun. */
  static void awaitMap(JavaProcess run, Duration atMost) {
    await("a map runs")
        .atMost(atMost)
        .until(() -> !run.isAlive() || run.out().contains("map 0% reduce 0%"));
  }

  /** What a run left in its own directories, and Hadoop for its jobs; nothing if all is well. */
  Set<String> leftOver() throws IOException {
    Set<String> left = new TreeSet<>();
    for (String file : files(work())) {
      if (!file.startsWith("dead-letters/")) {
        left.add(file);
      }
    }
    for (String file : files(cluster.root() + "/tmp/staging")) {
      if (file.contains("job_") && file.contains(".staging")) {
        left.add(file);
      }
    }
    return left;
  }

  /** The arguments of a run, after or before more of them. */
  private List<String> run(List<String> more) {
    return run(AdEvents.class, more);
  }

  /** The same for another pipeline. */
  List<String> run(Class<?> pipeline, List<String> more) {
    List<String> all = new ArrayList<>(more);
    all.addAll(
        List.of(
            pipeline.getName(), "--interval", interval.toString(), "--config", config.toString()));
    return all;
  }

  /** What every hour of the interval must hold. */
  List<Hour> expected() {
    return truth.hours(interval);
  }

  /** What the server says that every hour holds. */
  List<Hour> served() throws IOException, InterruptedException {
    String query =
        """
        {"queryType":"timeseries","dataSource":"ad_events","granularity":"hour",
         "intervals":["%s"],"aggregations":[
         {"type":"longSum","name":"impressions","fieldName":"impressions"},
         {"type":"longSum","name":"clicks","fieldName":"clicks"},
         {"type":"doubleSum","name":"revenue","fieldName":"revenue"}]}\
        """
            .formatted(interval);
    List<Hour> hours = new ArrayList<>();
    for (JsonNode bucket : post("/druid/v2", query)) {
      JsonNode result = bucket.path("result");
      long impressions = result.path("impressions").asLong();
      hours.add(
          new Hour(
              Times.parse(bucket.path("timestamp").asText()),
              impressions,
              impressions,
              result.path("clicks").asLong(),
              result.path("revenue").asDouble()));
    }
    return hours;
  }

  JsonNode post(String route, String body) throws IOException, InterruptedException {
    return new ObjectMapper()
        .readTree(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + route))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                    BodyHandlers.ofString())
                .body());
  }

  JsonNode get(String route) throws IOException, InterruptedException {
    return new ObjectMapper()
        .readTree(
            HttpClient.newHttpClient()
                .send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + route))
                        .build(),
                    BodyHandlers.ofString())
                .body());
  }

  String deepStorage() {
    return cluster.root() + "/starfire/segments";
  }

  String work() {
    return cluster.root() + "/starfire/work";
  }

  /** The configuration of the deployment. */
  Path config() {
    return config;
  }

  Path directory() {
    return directory;
  }

  /**
   * All files on HDFS below a directory, relative to it; directories without files end in a slash.
   */
  Set<String> files(String root) throws IOException {
    FileSystem files = cluster.fileSystem();
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(root);
    Set<String> found = new TreeSet<>();
    if (files.exists(path)) {
      collect(files, path, path, found);
    }
    return found;
  }

  private static void collect(
      FileSystem files,
      org.apache.hadoop.fs.Path root,
      org.apache.hadoop.fs.Path directory,
      Set<String> found)
      throws IOException {
    RemoteIterator<LocatedFileStatus> children = files.listLocatedStatus(directory);
    while (children.hasNext()) {
      LocatedFileStatus child = children.next();
      String name = root.toUri().relativize(child.getPath().toUri()).getPath();
      String relative = child.getPath().toString().substring(root.toString().length() + 1);
      if (child.isDirectory()) {
        int before = found.size();
        collect(files, root, child.getPath(), found);
        if (found.size() == before) {
          found.add(relative + "/");
        }
      } else {
        found.add(relative.isEmpty() ? name : relative);
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      kafka.close();
      Directories.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cluster.close();
    }
  }
}
