package io.starfire.archiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Ticker;
import io.starfire.embedded.EmbeddedKafka;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When an archiver that has not failed is not healthy. */
final class ArchiverHealthTest {
  private static final Duration STALL = Duration.ofMinutes(2);
  private static final Duration ROLL = Duration.ofMinutes(1);

  @TempDir private Path directory;

  private final AtomicLong nanos = new AtomicLong();
  private final ArchiverHealth health =
      new ArchiverHealth(
          "host:9092",
          STALL,
          ROLL,
          new Ticker() {
            @Override
            public long nanoTime() {
              return nanos.get();
            }

            @Override
            public void await(Semaphore wakeUps, Duration longest) {
              throw new UnsupportedOperationException("nothing waits");
            }
          });

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void brokersThatDoNotAnswerAreAProblemUntilTheyDo() {
    pass(Duration.ofHours(1));
    assertThat(health.problem(Duration.ZERO)).as("nobody was asked").isEmpty();
    health.noteAnswer();
    health.noteSilence();
    pass(STALL.minusMillis(1));
    assertThat(health.problem(Duration.ZERO)).isEmpty();
    pass(Duration.ofMillis(1));
    assertThat(health.problem(Duration.ZERO))
        .contains("no Kafka broker at host:9092 has answered for PT2M; nothing can be archived");
    health.noteAnswer();
    assertThat(health.problem(Duration.ZERO)).isEmpty();
  }

  @Test
  void aStepThatHangsIsAProblem() {
    assertThat(health.problem(STALL.minusMillis(1))).isEmpty();
    assertThat(health.problem(STALL)).get().asString().contains("has not moved for PT2M");
  }

  @Test
  void recordsThatAreLeftAreAProblemOnlyIfNoneIsListed() {
    health.noteBehind(false);
    pass(Duration.ofHours(1));
    health.noteBehind(true);
    pass(STALL.plus(ROLL).minusMillis(1));
    health.noteBehind(true);
    assertThat(health.problem(Duration.ZERO)).isEmpty();
    health.noteListed();
    pass(STALL.plus(ROLL));
    assertThat(health.problem(Duration.ZERO)).get().asString().contains("none was for PT3M");
    health.noteBehind(false);
    assertThat(health.problem(Duration.ZERO)).isEmpty();
  }

  @Test
  void anArchiverWhoseBrokersAreAwayAnswersThatItIsNotHealthy() throws Exception {
    EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
    kafka.createTopic("lonely", 1);
    Map<String, String> config =
        Map.of(
            "starfire.kafka.bootstrap-servers", kafka.bootstrapServers(),
            "starfire.kafka.connect-timeout", "1s",
            "starfire.archive.port", "0",
            "starfire.archive.stall-timeout", "1s");
    try (Archiver archiver = ArchiverRig.start("lonely", config);
        kafka) {
      ArchiverRig.await(archiver, () -> archiver.status().completeUpToMillis() > 0);
      assertThat(health(archiver).statusCode()).isEqualTo(200);
      kafka.close();
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                HttpResponse<String> answer = health(archiver);
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.body()).contains("no Kafka broker at ", " has answered for ");
              });
      assertThat(archiver.failure()).isNull();
    }
  }

  private static HttpResponse<String> health(Archiver archiver) throws Exception {
    URI uri = URI.create("http://127.0.0.1:%d/health".formatted(archiver.port()));
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
