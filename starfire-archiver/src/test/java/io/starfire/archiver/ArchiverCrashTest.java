package io.starfire.archiver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.archive.ArchiveManifest;
import io.starfire.archive.ManifestEntry;
import io.starfire.archive.TopicStart;
import io.starfire.common.Ticker;
import io.starfire.config.StarfireConfig;
import io.starfire.kafka.KafkaCalls;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archiver that dies at each of its steps in turn, and the one that goes on after it. */
final class ArchiverCrashTest {
  private static final String TOPIC = "crash";
  private static final int RECORDS = 3;

  @TempDir Path directory;

  @Test
  void anArchiverThatDiesAtAnyStepLosesNothingAndListsNothingTwice() throws Exception {
    ArchiverRig.createTopic(TOPIC, 1);
    ArchiveFiles files = ArchiveFiles.of(directory.resolve("archive").toString(), Map.of());
    int sent = 0;
    int steps = 0;
    boolean crashed = true;
    while (crashed) {
      send();
      sent += RECORDS;
      CrashingFiles crashing = new CrashingFiles(files, steps++);
      archiveUntil(crashing, sent);
      crashed = crashing.crashed();
    }
    assertThat(steps).as("steps of an archiver").isGreaterThan(5);
    ArchiveManifest manifest = new ArchiveManifest(files);
    TopicStart topic = manifest.topics(TOPIC).get(0);
    List<ManifestEntry> entries = manifest.entries(topic, 0, false);
    assertThat(entries.get(0).startOffset()).isZero();
    assertThat(entries.get(entries.size() - 1).endOffset()).isEqualTo(sent);
    long rows = 0;
    for (ManifestEntry entry : entries) {
      assertThat(files.rows(entry.file())).isEqualTo(entry.rows());
      rows += entry.rows();
    }
    assertThat(rows).isEqualTo(sent);
  }

  private static void send() throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", ArchiverRig.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        producer.send(new ProducerRecord<>(TOPIC, "no JSON".getBytes(UTF_8))).get();
      }
    }
  }

  /** Archives, lists, and marks, until all that was sent is listed or the files have crashed. */
  private static void archiveUntil(ArchiveFiles files, long end) {
    StarfireConfig config =
        StarfireConfig.fromMap(
            Map.of(
                "starfire.sources.visits.topic", TOPIC,
                "starfire.archive.roll-interval", "1ms",
                "starfire.archive.completeness-interval", "1ms"));
    Plan plan =
        Planner.plan(ArchiverRig.Visits.class.getName(), ArchiverCrashTest.class.getClassLoader());
    RawEventTimes eventTimes = new RawEventTimes(plan, config);
    try (KafkaCalls calls =
            KafkaCalls.connect(ArchiverRig.bootstrapServers(), Map.of(), Duration.ofSeconds(20));
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    ArchiverRig.bootstrapServers(),
                    "auto.offset.reset",
                    "none"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      Manifest manifest = new Manifest(files);
      RawTopics topics =
          new RawTopics(calls, manifest, eventTimes.topics(), Duration.ofMinutes(1), Ticker.SYSTEM);
      InstantSource clock = InstantSource.system();
      ArchiveLoop loop =
          new ArchiveLoop(
              consumer,
              eventTimes,
              files,
              topics,
              manifest,
              config,
              clock,
              new ArchiverHealth("", Duration.ofMinutes(1), Duration.ZERO, Ticker.SYSTEM),
              topics.begin(false, clock.millis()));
      while (loop.status().listed().get(TOPIC).get(0) < end
          || loop.status().completeUpToMillis() == 0) {
        loop.step();
      }
    } catch (IOException e) {
      assertThat(e).hasMessage("crashed on purpose");
    }
  }
}
