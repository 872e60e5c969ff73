package io.starfire.benchmarks;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.embedded.EmbeddedKafka;
import io.starfire.jobs.ads.AdEvents;
import io.starfire.plan.Plan;
import io.starfire.plan.Planner;
import io.starfire.stream.StreamDriver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A stream with so many events in open windows, as a process of its own with a small heap, which is
 * ended with SIGKILL and started again: how long until it has committed records that were sent
 * after the kill. The process with all that it holds must live in its heap.
 */
@Command(
    name = "restart",
    description = "How long a stream takes to process again after SIGKILL.",
    mixinStandardHelpOptions = true)
final class RestartBenchmark implements Callable<Integer> {
  private static final Instant START = Instant.parse("2025-01-10T00:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(20);
  private static final long LOOK_NANOS = 20_000_000;
  private static final long QUIET_NANOS = Duration.ofSeconds(3).toNanos();
  private static final int AFTER = 1_000;

  /** The last turns of a join, and the markers of transactions, need not be committed. */
  private static final int AT_THE_END = 3;

  /** All events lie within half of the window of {@link RestartJoin}. */
  private static final long SPAN_MICROS = Duration.ofMinutes(7).toNanos() / 1_000;

  @Option(
      names = "--entries",
      defaultValue = "500000",
      description = "Events in open windows (${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--state",
      defaultValue = "memory",
      description = "memory or rocksdb (${DEFAULT-VALUE}).")
  private String state;

  @Option(names = "--heap", defaultValue = "512m", description = "-Xmx (${DEFAULT-VALUE}).")
  private String heap;

  @Option(names = "--rounds", defaultValue = "3", description = "Of SIGKILL (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--log", description = "A file for what the process says; none by default.")
  private Path log;

  @Spec private CommandSpec spec;

  private final Times begun = new Times();
  private final Times restored = new Times();
  private final Times again = new Times();
  private final TopicPartition impressions = new TopicPartition(AdEvents.IMPRESSIONS, 0);
  private final TopicPartition clicks = new TopicPartition(AdEvents.CLICKS, 0);
  private long sent;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Table table = new Table(spec.commandLine().getOut());
    table.row("data", "%,d events, none of which is due; state in %s".formatted(entries, state));
    try (WorkDirectory work = new WorkDirectory();
        EmbeddedKafka kafka = EmbeddedKafka.builder(work.directory("kafka")).start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      kafka.createTopic(AdEvents.IMPRESSIONS, 1);
      kafka.createTopic(AdEvents.CLICKS, 1);
      Map<String, String> values = values(work, kafka.bootstrapServers());
      String application =
          StreamDriver.applicationId(plan(), AdRecords.config(work.directory("conf"), values));
      Path config = write(values, work);
      send(kafka.bootstrapServers(), entries);
      DaemonOutput said = new DaemonOutput(log);
      Process process = start(config);
      said.follow(process);
      try {
        awaitRead(process, admin, application, impressions, clicks);
        awaitQuiet(process, admin, application);
        table.row("heap of the process, at most", heap);
        table.row("resident memory of the process", resident(process));
        for (int round = 0; round < rounds; round++) {
          long killedNanos = System.nanoTime();
          process.destroyForcibly().waitFor();
          process = start(config);
          said.follow(process);
          send(kafka.bootstrapServers(), AFTER);
          awaitRead(process, admin, application, impressions, clicks);
          awaitLog(process, admin, application);
          again.add(killedNanos, DaemonOutput.Moment.of(process));
          begun.add(killedNanos, said.began());
          restored.add(killedNanos, said.restored());
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      table.row(
          "seconds from SIGKILL until it has its tasks and begins to restore", begun.summary());
      table.row("... until its state is restored", restored.summary());
      table.row("... until it has processed and committed new records", again.summary());
      Path states = work.directory("state").resolve(application).resolve("rocksdb");
      if (Files.exists(states)) {
        table.row(
            "bytes an event on the disk, in the newest checkpoint",
            "%d".formatted(bytesOfNewest(states) / sent));
      }
    }
    return 0;
  }

  /** How long it takes to some point, and how much CPU of the new process. */
  private static final class Times {
    private final Samples seconds = new Samples();
    private final Samples cpuSeconds = new Samples();

    private void add(long killedNanos, DaemonOutput.Moment moment) {
      seconds.add((moment.nanos() - killedNanos) / 1e9);
      cpuSeconds.add(moment.cpuSeconds());
    }

    private String summary() {
      return seconds.summary(1) + ", of CPU " + cpuSeconds.summary(1);
    }
  }

  private static Plan plan() {
    return Planner.plan(RestartJoin.class.getName(), RestartJoin.class.getClassLoader());
  }

  private Map<String, String> values(WorkDirectory work, String brokers) throws IOException {
    Map<String, String> values = new TreeMap<>();
    values.put("starfire.kafka.bootstrap-servers", brokers);
    values.put("starfire.stream.state-dir", work.directory("state").toString());
    values.put("starfire.stream.state", state);
    values.put("starfire.stream.register", "off");
    values.put("starfire.stream.port", "-1");
    values.put("starfire.stream.threads", "1");
    values.put("starfire.stream.partitions", "1");
    values.put("starfire.stream.data-source-partitions", "1");
    values.put("starfire.stream.idle-timeout", "1h");
    values.put("starfire.stream.grants.clicked", "15m");
    return values;
  }

  private static Path write(Map<String, String> values, WorkDirectory work) throws IOException {
    StringBuilder text = new StringBuilder();
    Map<String, String> all = new TreeMap<>(values);
    all.put("starfire.sources.impressions.topic", AdEvents.IMPRESSIONS);
    all.put("starfire.sources.clicks.topic", AdEvents.CLICKS);
    all.forEach((key, value) -> text.append(key).append(" = \"").append(value).append("\"\n"));
    return Files.writeString(work.directory("conf").resolve("restart.conf"), text);
  }

  /** Impressions and clicks in turns; every second impression is clicked. */
  private void send(String brokers, int count) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers, "linger.ms", "20"),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < count; i++, sent++) {
        long micros = sent * SPAN_MICROS / (entries + 10L * AFTER);
        Instant at = START.plusMillis(micros / 1_000);
        boolean isImpression = sent % 2 == 0;
        String json =
            isImpression
                ? "{\"impressionId\":\"i%d\",\"servedAt\":\"%s\",\"advertiserId\":\"a%d\",\"publisher\":\"site.example\",\"city\":\"Paris\",\"price\":0.5}"
                    .formatted(sent / 2, at, sent % 1_000)
                : "{\"impressionId\":\"i%d\",\"clickedAt\":\"%s\"}".formatted(sent / 4, at);
        var unused =
            producer.send(
                new ProducerRecord<>(
                    isImpression ? AdEvents.IMPRESSIONS : AdEvents.CLICKS,
                    json.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private Process start(Path config) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError"));
    command.add("-Dstarfire.home=" + System.getProperty("starfire.home"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.starfire.cli.Main", "stream", RestartJoin.class.getName()));
    command.addAll(List.of("--config", config.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("STARFIRE_LOG", "INFO");
    return builder.start();
  }

  /** Waits until the group has committed all of some partitions. */
  private void awaitRead(
      Process process, Admin admin, String group, TopicPartition first, TopicPartition second) {
    long each = sent / 2;
    long startNanos = System.nanoTime();
    while (committed(admin, group, first) < each || committed(admin, group, second) < each) {
      check(process, startNanos);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Waits until the join has taken what its sources have written for it so far. */
  private void awaitLog(Process process, Admin admin, String group) {
    TopicPartition stage = log(group);
    long end = end(admin, stage) - AT_THE_END;
    long startNanos = System.nanoTime();
    while (committed(admin, group, stage) < end) {
      check(process, startNanos);
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static TopicPartition log(String group) {
    return new TopicPartition(group + "-clicked-log", 0);
  }

  private static long end(Admin admin, TopicPartition partition) {
    try {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get()
          .offset();
    } catch (ExecutionException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, "no end of " + partition, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  private void awaitQuiet(Process process, Admin admin, String group) {
    TopicPartition stage = log(group);
    long startNanos = System.nanoTime();
    long changedNanos = startNanos;
    long before = -1;
    while (System.nanoTime() - changedNanos < QUIET_NANOS) {
      check(process, startNanos);
      long now = committed(admin, group, stage);
      if (now != before) {
        before = now;
        changedNanos = System.nanoTime();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static long committed(Admin admin, String group, TopicPartition partition) {
    try {
      OffsetAndMetadata found =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(partition);
      return found == null ? 0 : found.offset();
    } catch (ExecutionException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(ErrorCode.CANCELED, "interrupted", e);
    }
  }

  private static void check(Process process, long startNanos) {
    if (!process.isAlive()) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the stream ended with exit code %d; --log FILE shows what it said"
              .formatted(process.exitValue()));
    }
    if (System.nanoTime() - startNanos > LIMIT.toNanos()) {
      throw new StarfireException(ErrorCode.TIMEOUT, "not done within " + LIMIT);
    }
  }

  private static String resident(Process process) throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.substring("VmRSS:".length()).strip())
          .findFirst()
          .orElse("unknown");
    }
  }

  private static long bytesOfNewest(Path states) throws IOException {
    try (Stream<Path> all = Files.walk(states)) {
      Path newest =
          all.filter(path -> String.valueOf(path.getFileName()).startsWith("at-"))
              .max(Path::compareTo)
              .orElseThrow();
      try (Stream<Path> files = Files.list(newest)) {
        return files.mapToLong(file -> file.toFile().length()).sum();
      }
    }
  }
}
