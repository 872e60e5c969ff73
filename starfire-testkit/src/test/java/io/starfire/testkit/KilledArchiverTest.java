package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.TopicStart;
import io.starfire.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An archiver is ended with SIGKILL again and again while records come and its files are small.
 * Each record is then in the files that the manifest lists exactly once. {@code -Dstarfire.seed=N}
 * draws other moments and records, {@code -Dstarfire.kills=N} another number of kills.
 */
@Tag("kills")
class KilledArchiverTest {
  private static final long SEED = Long.getLong("starfire.seed", 20261128L);
  private static final int KILLS = Integer.getInteger("starfire.kills", 25);
  private static final int FETCH = 1;
  private static final int MOST_FETCHES = 40;
  private static final long MOST_DELAY_NANOS = 20_000_000;
  private static final int BURST = 3;
  private static final String PREFIX = "archived";

  @TempDir Path directory;
  private final SplittableRandom random = new SplittableRandom(SEED);

  @Test
  void anArchiverThatIsKilledAtAnyMomentListsEachRecordOnce() throws Exception {
    System.out.println("seed " + SEED);
    int port = KafkaProxy.freePort();
    try (KafkaProxy proxy = KafkaProxy.start(port);
        EmbeddedKafka kafka =
            EmbeddedKafka.builder(directory.resolve("kafka"))
                .port(port)
                .property("advertised.listeners", "PLAINTEXT://" + proxy.address())
                .start();
        KilledLoad load = new KilledLoad(proxy.address(), PREFIX, SEED)) {
      for (String source : List.of("views", "clicks")) {
        kafka.createTopic(KilledLoad.topic(PREFIX, source), KilledLoad.PARTITIONS);
      }
      for (int kill = 0; kill < KILLS; kill++) {
        int fetch = 1 + random.nextInt(MOST_FETCHES);
        long delayNanos = random.nextLong(MOST_DELAY_NANOS);
        CountDownLatch seen = watch(proxy, fetch);
        DaemonProcess archiver = start(proxy, kill);
        long startNanos = System.nanoTime();
        while (!seen.await(20, TimeUnit.MILLISECONDS)) {
          load.send(BURST);
          assertThat(archiver.isAlive()).as(archiver.said()).isTrue();
          assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.MINUTES.toNanos(3));
        }
        LockSupport.parkNanos(delayNanos);
        archiver.kill();
        System.out.printf("  kill %d: %d ns after fetch %d%n", kill + 1, delayNanos, fetch);
      }
      load.close(KilledLoad.PARTITIONS);
      proxy.watch((api, client) -> true);
      requireComplete(start(proxy, KILLS), load);
    }
  }

  private static CountDownLatch watch(KafkaProxy proxy, int fetch) {
    CountDownLatch seen = new CountDownLatch(1);
    AtomicInteger fetches = new AtomicInteger();
    proxy.watch(
        (api, client) -> {
          if (api == FETCH && client.startsWith("archiver") && fetches.incrementAndGet() == fetch) {
            seen.countDown();
          }
          return true;
        });
    return seen;
  }

  private DaemonProcess start(KafkaProxy proxy, int number) {
    Map<String, String> config = new HashMap<>();
    config.put("starfire.kafka.bootstrap-servers", proxy.address());
    config.put("starfire.kafka.properties.\"client.id\"", "archiver");
    config.put("starfire.archive.root", directory.resolve("archive").toString());
    config.put("starfire.archive.roll-interval", "20ms");
    config.put("starfire.archive.completeness-interval", "50ms");
    config.put("starfire.archive.port", "0");
    for (String source : List.of("views", "clicks")) {
      config.put("starfire.sources." + source + ".topic", KilledLoad.topic(PREFIX, source));
    }
    return DaemonProcess.start(
        "archive", KilledPipeline.class, config, directory.resolve("archiver-" + number + ".out"));
  }

  private void requireComplete(DaemonProcess archiver, KilledLoad load) throws Exception {
    long records = load.count() + 2 * KilledLoad.PARTITIONS;
    try {
      await()
          .atMost(Duration.ofMinutes(5))
          .until(
              () -> {
                assertThat(archiver.isAlive()).as(archiver.said()).isTrue();
                return archiver.status().map(KilledArchiverTest::listed).orElse(0L) >= records;
              });
    } finally {
      archiver.kill();
    }
    Map<String, Long> sent = new TreeMap<>();
    load.sent()
        .values()
        .forEach(
            things ->
                things.forEach(thing -> sent.merge(ThingJson.write((Thing) thing), 1L, Long::sum)));
    Map<String, Long> archived = new TreeMap<>();
    long rows = 0;
    for (String source : List.of("views", "clicks")) {
      for (int partition = 0; partition < KilledLoad.PARTITIONS; partition++) {
        List<Group> read = rows(KilledLoad.topic(PREFIX, source), partition);
        assertThat(read.stream().map(row -> row.getLong(ArchiveLayout.OFFSET, 0)))
            .as("%s partition %d", source, partition)
            .containsExactlyElementsOf(LongStream.range(0, read.size()).boxed().toList());
        rows += read.size();
        for (Group row : read) {
          byte[] value = row.getBinary(ArchiveLayout.VALUE, 0).getBytes();
          archived.merge(new String(value, StandardCharsets.UTF_8), 1L, Long::sum);
        }
      }
    }
    archived.keySet().removeIf(value -> value.contains("closing"));
    System.out.printf("%d kills, %d records, %d rows in the archive%n", KILLS, records, rows);
    assertThat(rows).isEqualTo(records);
    assertThat(archived).isEqualTo(sent);
  }

  private static long listed(JsonNode status) {
    long listed = 0;
    for (JsonNode topic : status.path("listed")) {
      for (JsonNode partition : topic) {
        listed += partition.asLong();
      }
    }
    return listed;
  }

  /** Of the files that the manifest lists, in their order. */
  private List<Group> rows(String topic, int partition) throws IOException {
    Path root = directory.resolve("archive");
    ArchiveManifest manifest = new ArchiveManifest(new LocalFiles(root));
    TopicStart start = manifest.topics(topic).get(0);
    List<Group> rows = new ArrayList<>();
    for (ManifestEntry entry : manifest.entries(start, partition, false)) {
      try (ParquetReader<Group> reader =
          ParquetReader.builder(
                  new GroupReadSupport(),
                  new org.apache.hadoop.fs.Path(root.resolve(entry.file()).toUri()))
              .build()) {
        for (Group row = reader.read(); row != null; row = reader.read()) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private record LocalFiles(Path root) implements ArchiveManifest.Files {
    @Override
    public List<String> list(String name) throws IOException {
      Path path = root.resolve(name);
      if (!Files.isDirectory(path)) {
        return List.of();
      }
      try (Stream<Path> files = Files.list(path)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      }
    }

    @Override
    public byte[] read(String path) throws IOException {
      return Files.readAllBytes(root.resolve(path));
    }
  }
}
