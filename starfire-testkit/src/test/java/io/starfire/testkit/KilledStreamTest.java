package io.starfire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.embedded.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Processes of a stream are ended with SIGKILL while events come: under load, at a commit, in a
 * rebalance, while they restore. Each row is then in the topics exactly once. {@code
 * -Dstarfire.seed=N} draws other moments and events, {@code -Dstarfire.kills=N} another number of
 * kills.
 */
class KilledStreamTest {
  private static final long SEED = Long.getLong("starfire.seed", 20261128L);
  private static final int KILLS = Integer.getInteger("starfire.kills", 7);

  @TempDir private static Path directory;
  private static KafkaProxy proxy;
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startBroker() {
    int port = KafkaProxy.freePort();
    proxy = KafkaProxy.start(port);
    kafka =
        EmbeddedKafka.builder(directory.resolve("kafka"))
            .port(port)
            .property("advertised.listeners", "PLAINTEXT://" + proxy.address())
            .property("group.min.session.timeout.ms", "1000")
            .property("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500")
            .start();
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
    proxy.close();
  }

  /** No dead member and no open transaction times out before the deadline of the test. */
  @Test
  void aProcessThatIsKilledTwiceTakesItsOwnPlaceAndLosesNothingAndDoublesNothing()
      throws Exception {
    Map<String, String> patient =
        Map.of(
            "starfire.kafka.properties.\"consumer.session.timeout.ms\"", "900000",
            "starfire.kafka.properties.\"producer.transaction.timeout.ms\"", "900000");
    requireExact(1, "memory", SEED, 2, patient);
  }

  @Tag("kills")
  @ParameterizedTest
  @CsvSource({"1,memory", "2,memory", "1,rocksdb", "2,rocksdb"})
  void processesThatAreKilledAtAnyMomentLoseNothingAndDoubleNothing(int processes, String state)
      throws Exception {
    requireExact(processes, state, SEED + processes, KILLS, Map.of());
  }

  private static void requireExact(
      int processes, String state, long seed, int kills, Map<String, String> more)
      throws Exception {
    String prefix = "killed-" + kills + "-" + processes + "-" + state;
    System.out.printf("%s: seed %d%n", prefix, seed);
    for (String source : List.of("views", "clicks")) {
      kafka.createTopic(KilledLoad.topic(prefix, source), KilledLoad.PARTITIONS);
    }
    Path own = Files.createDirectories(directory.resolve(prefix));
    Map<String, String> config = new HashMap<>(more);
    config.put("starfire.stream.state", state);
    KilledStream stream = new KilledStream(proxy, prefix, own, processes, config, seed);
    try (KilledLoad load = new KilledLoad(proxy.address(), prefix, seed)) {
      KilledStream.Answer answer = stream.run(load, kills);
      System.out.println(answer);
      assertThat(answer.lost()).as("lost").isZero();
      assertThat(answer.doubled()).as("doubled").isZero();
      assertThat(answer.rows()).isPositive();
    }
  }
}
