package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Interval;
import io.starfire.plan.Grants;
import io.starfire.plan.Plan;
import io.starfire.plan.PlanNode.DataSourceNode;
import io.starfire.plan.PlanNode.SinkNode;
import io.starfire.plan.Planner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A stream whose processes are killed again and again while events come, and what is in its topics
 * at the end.
 */
final class KilledStream {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final int BURST = 3;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private static final List<KillPoint.Phase> LATER =
      List.of(
          KillPoint.Phase.RESTORE,
          KillPoint.Phase.COMMIT,
          KillPoint.Phase.REBALANCE,
          KillPoint.Phase.LOAD);

  private final KafkaProxy proxy;
  private final String prefix;
  private final Path directory;
  private final Map<String, String> more;
  private final SplittableRandom random;
  private final DaemonProcess[] daemons;
  private final Map<KillPoint.Phase, Integer> hits = new EnumMap<>(KillPoint.Phase.class);
  private int starts;
  private int last;

  /**
   * @param processes how many share the work
   * @param more configuration
   */
  KilledStream(
      KafkaProxy proxy,
      String prefix,
      Path directory,
      int processes,
      Map<String, String> more,
      long seed) {
    this.proxy = proxy;
    this.prefix = prefix;
    this.directory = directory;
    this.more = more;
    this.random = new SplittableRandom(seed);
    this.daemons = new DaemonProcess[processes];
  }

  /**
   * @param kills how many there were
   * @param hits in which phase; the others missed the moment that they were meant for
   * @param events that were sent
   * @param rows that the reference driver says there are
   * @param lost rows that are not there
   * @param doubled rows that are there too often, or should not be there
   */
  record Answer(
      int kills,
      Map<KillPoint.Phase, Integer> hits,
      long events,
      long rows,
      long lost,
      long doubled) {}

  Answer run(KilledLoad load, int kills) {
    try {
      for (int kill = 0; kill < kills; kill++) {
        kill(kill, load);
      }
      for (DaemonProcess daemon : daemons) {
        if (daemon != null) {
          daemon.kill();
        }
      }
      load.close(KilledLoad.PARTITIONS);
      proxy.watch((api, client) -> true);
      start(0);
      Plan plan = Planner.plan(new KilledPipeline());
      Map<String, Map<RowValue, Long>> expected =
          ReferenceDriver.run(
                  plan, Grants.asked(plan), (name, key) -> Optional.empty(), load.sent())
              .within(load.interval())
              .rows();
      awaitResults(load.interval(), plan);
      return answer(kills, load, expected, actual(plan, load.interval()));
    } finally {
      for (DaemonProcess daemon : daemons) {
        if (daemon != null) {
          daemon.kill();
        }
      }
    }
  }

  private void kill(int kill, KilledLoad load) {
    KillPoint.Phase phase = phase(kill);
    // What restores is what was killed the last time.
    int victim = phase == KillPoint.Phase.RESTORE ? last : random.nextInt(daemons.length);
    last = victim;
    KillPoint point = phase.draw(random);
    CountDownLatch killed = arm(victim, point);
    for (int i = 0; i < daemons.length; i++) {
      if (daemons[i] == null || !daemons[i].isAlive()) {
        start(i);
      }
    }
    boolean hit = awaitKilled(killed, load);
    proxy.watch((api, client) -> true);
    daemons[victim].kill();
    for (int i = 0; i < daemons.length; i++) {
      assertThat(i == victim || daemons[i].isAlive()).as(daemons[i].said()).isTrue();
    }
    if (hit) {
      hits.merge(phase, 1, Integer::sum);
    }
    System.out.printf(
        "  kill %d: process %d, %s%s%n", kill + 1, victim, point, hit ? "" : ": not reached");
  }

  private KillPoint.Phase phase(int kill) {
    // At first there is nothing to restore.
    return kill < daemons.length
        ? random.nextBoolean() ? KillPoint.Phase.LOAD : KillPoint.Phase.COMMIT
        : LATER.get((kill - daemons.length) % LATER.size());
  }

  /** The process is dead before its request goes on, if it goes on. */
  private CountDownLatch arm(int victim, KillPoint point) {
    CountDownLatch killed = new CountDownLatch(1);
    AtomicInteger seen = new AtomicInteger();
    proxy.watch(
        (api, client) -> {
          if (!client.startsWith(name(victim)) || !point.is(api, client)) {
            return true;
          }
          int number = seen.incrementAndGet();
          if (number == point.number()) {
            daemons[victim].kill();
            killed.countDown();
          }
          return number < point.number() || (number == point.number() && point.delivered());
        });
    return killed;
  }

  private static boolean awaitKilled(CountDownLatch killed, KilledLoad load) {
    long startNanos = System.nanoTime();
    try {
      while (!killed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
        load.send(BURST);
        if (System.nanoTime() - startNanos > PATIENCE.toNanos()) {
          return false;
        }
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String name(int daemon) {
    return prefix + "-daemon" + daemon;
  }

  private void start(int number) {
    Map<String, String> config = new HashMap<>();
    config.put("starfire.kafka.bootstrap-servers", proxy.address());
    config.put("starfire.stream.application-id-prefix", prefix);
    // The directory stays from one process to the next, as it does on a machine.
    config.put("starfire.stream.state-dir", directory.resolve(name(number)).toString());
    config.put("starfire.stream.register", "off");
    config.put("starfire.stream.port", "0");
    config.put("starfire.stream.partitions", Integer.toString(KilledLoad.PARTITIONS));
    config.put("starfire.stream.lateness", KilledLoad.LATENESS_MILLIS + "ms");
    config.put("starfire.stream.commit-interval", "100ms");
    config.put("starfire.stream.broadcast-interval", "50ms");
    config.put("starfire.stream.idle-timeout", "5m");
    config.put("starfire.kafka.properties.\"client.id\"", name(number));
    config.put("starfire.kafka.properties.\"poll.ms\"", "20");
    config.put("starfire.kafka.properties.\"consumer.session.timeout.ms\"", "3000");
    config.put("starfire.kafka.properties.\"consumer.heartbeat.interval.ms\"", "500");
    config.put("starfire.sources.views.topic", KilledLoad.topic(prefix, "views"));
    config.put("starfire.sources.clicks.topic", KilledLoad.topic(prefix, "clicks"));
    config.putAll(more);
    daemons[number] =
        DaemonProcess.start(
            "stream",
            KilledPipeline.class,
            config,
            directory.resolve(name(number) + "-" + starts++ + ".out"));
  }

  private void awaitResults(Interval interval, Plan plan) {
    await(prefix)
        .atMost(DEADLINE)
        .untilAsserted(
            () -> {
              assertThat(daemons[0].isAlive()).as(daemons[0].said()).isTrue();
              JsonNode results =
                  daemons[0]
                      .status()
                      .map(status -> status.path("streams").path(0).get("results"))
                      .orElse(null);
              assertThat(results).as(daemons[0].said()).isNotNull();
              for (SinkNode sink : plan.sinks()) {
                String name = sink.label();
                assertThat(results.path(name).asLong())
                    .as(name)
                    .isGreaterThan(interval.endMillis());
              }
            });
  }

  private Map<String, Map<RowValue, Long>> actual(Plan plan, Interval interval) {
    Map<String, Map<RowValue, Long>> rows = new TreeMap<>();
    TopicRows topics = new TopicRows(proxy.address(), interval);
    for (DataSourceNode sink : plan.dataSources()) {
      rows.put(
          sink.label(),
          topics.ofDataSource(prefix + "-data-source-" + sink.label(), sink.dataSource().schema()));
    }
    return rows;
  }

  private Answer answer(
      int kills,
      KilledLoad load,
      Map<String, Map<RowValue, Long>> expected,
      Map<String, Map<RowValue, Long>> actual) {
    List<String> samples = new ArrayList<>();
    long lost = excess(expected, actual, "lost", samples);
    long doubled = excess(actual, expected, "doubled", samples);
    samples.forEach(System.out::println);
    long rows =
        expected.values().stream()
            .flatMap(each -> each.values().stream())
            .mapToLong(Long::longValue)
            .sum();
    return new Answer(kills, hits, load.count(), rows, lost, doubled);
  }

  /** How many rows are in one and not in the other. */
  private static long excess(
      Map<String, Map<RowValue, Long>> one,
      Map<String, Map<RowValue, Long>> other,
      String word,
      List<String> samples) {
    long excess = 0;
    for (Map.Entry<String, Map<RowValue, Long>> dataSource : one.entrySet()) {
      Map<RowValue, Long> rows = other.getOrDefault(dataSource.getKey(), Map.of());
      for (Map.Entry<RowValue, Long> row : dataSource.getValue().entrySet()) {
        long more = row.getValue() - rows.getOrDefault(row.getKey(), 0L);
        if (more > 0) {
          excess += more;
          if (samples.size() < 20) {
            samples.add(
                "  %s: %d of %s %s".formatted(word, more, dataSource.getKey(), row.getKey()));
          }
        }
      }
    }
    return excess;
  }
}
