package io.starfire.stream;

import static io.starfire.stream.StreamBench.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.config.StarfireConfig;
import io.starfire.event.DeadLetter;
import io.starfire.kafka.DeadLetterHeaders;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of records that are too large or too late, and what their dead letters hold. */
final class DeadLetterStreamTest {
  private static final long BASE = Times.parse("2026-11-20T10:00:00Z");
  private static final int LARGE = 5_000_000;
  private static final int LETTER_BYTES = 256 << 10;
  private static final int ATTEMPTS = 3;

  @TempDir private static Path directory;

  private static StreamBench bench;

  @BeforeAll
  static void startBroker() {
    bench = new StreamBench(directory.resolve("kafka"));
  }

  @AfterAll
  static void stopBroker() {
    bench.close();
  }

  private static StarfireConfig config(String prefix, String guarantee) {
    Map<String, String> raw =
        Map.of("max.message.bytes", Integer.toString(StreamBench.LARGEST_RECORD));
    bench.topic(prefix + "-impressions", 1, raw);
    bench.topic(prefix + "-clicks", 1, raw);
    Map<String, String> values = new HashMap<>();
    values.put("starfire.sources.impressions.topic", prefix + "-impressions");
    values.put("starfire.sources.clicks.topic", prefix + "-clicks");
    values.put("starfire.stream.lateness", "1s");
    values.put("starfire.stream.processing-guarantee", guarantee);
    return bench.config(prefix, directory.resolve("state"), values);
  }

  private static void impression(String prefix, String id, long at) throws Exception {
    bench.send(prefix + "-impressions", 0, Ads.impression(id, at, false));
    bench.flush();
  }

  private static void click(String prefix, String id, long at) throws Exception {
    bench.send(prefix + "-clicks", 0, Ads.click(id, at));
    bench.flush();
  }

  private static String field(ConsumerRecord<byte[], byte[]> letter, String field) {
    return StreamBench.header(letter, DeadLetterHeaders.name(field));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"exactly_once_v2", "at_least_once"})
  void oneRecordOfAnySizeEndsNoStream(String guarantee) throws Exception {
    String prefix = guarantee.substring(0, 2);
    StarfireConfig config = config(prefix, guarantee);
    byte[] garbage = new byte[LARGE];
    Arrays.fill(garbage, (byte) 'x');
    ProducerRecord<byte[], byte[]> first =
        new ProducerRecord<>(prefix + "-impressions", 0, garbage, garbage);
    first.headers().add("trace", "1".getBytes(UTF_8)).add("huge", garbage);
    bench.send(first);
    String longId = "i".repeat(LARGE);
    String large = Ads.impression(longId, BASE, false);
    bench.send(prefix + "-impressions", 0, large);
    impression(prefix, "small", BASE);
    click(prefix, "small", BASE + 1);
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      await(
          driver,
          driver::status,
          () -> driver.status().count("clicked-primary", "SINK_REJECTED") == 1);
      await(driver, driver::status, () -> driver.status().count("impressions", "EMITTED") == 2);
      assertThat(driver.status().count("impressions", "UNDECODABLE")).isEqualTo(1);
    }
    try (StreamDriver driver = bench.start(Ads.Counted.class, config)) {
      impression(prefix, "end", BASE + 3_600_000);
      click(prefix, "end", BASE + 3_600_000);
      await(driver, driver::status, () -> !results(prefix).isEmpty());
    }
    assertThat(results(prefix)).containsExactly(BASE + " small 1");
    List<ConsumerRecord<byte[], byte[]>> letters = bench.read(prefix + "-counted-dead-letters");
    assertThat(letters).hasSize(2);
    ConsumerRecord<byte[], byte[]> undecodable = letters.get(0);
    assertThat(field(undecodable, DeadLetter.OUTCOME)).isEqualTo("UNDECODABLE");
    assertThat(undecodable.value()).isEqualTo(Arrays.copyOf(garbage, LETTER_BYTES));
    assertThat(undecodable.key()).isEqualTo(Arrays.copyOf(garbage, LETTER_BYTES));
    assertThat(field(undecodable, DeadLetter.VALUE_BYTES)).isEqualTo("" + LARGE);
    assertThat(field(undecodable, DeadLetter.VALUE_SHA256)).isEqualTo(sha256(garbage));
    assertThat(field(undecodable, DeadLetter.KEY_SHA256)).isEqualTo(sha256(garbage));
    assertThat(field(undecodable, DeadLetter.OFFSET)).isEqualTo("0");
    assertThat(StreamBench.header(undecodable, "trace")).isEqualTo("1");
    assertThat(undecodable.headers().lastHeader("huge")).isNull();
    ConsumerRecord<byte[], byte[]> rejected = letters.get(1);
    assertThat(field(rejected, DeadLetter.OUTCOME)).isEqualTo("SINK_REJECTED");
    assertThat(field(rejected, DeadLetter.OPERATOR)).isEqualTo("clicked-primary");
    assertThat(field(rejected, DeadLetter.CONTENT)).isEqualTo("raw");
    assertThat(field(rejected, DeadLetter.VALUE_SHA256)).isEqualTo(sha256(large.getBytes(UTF_8)));
    assertThat(field(rejected, DeadLetter.REASON)).contains("starfire.stream.max-record-bytes");
    assertThat(field(rejected, DeadLetter.OFFSET)).isEqualTo("1");
  }

  @Test
  void aRowThatIsTooLargeCountsAndTheOthersAreWritten() throws Exception {
    bench.topic("r-visits", 1);
    StarfireConfig config =
        bench.config(
            "r",
            directory.resolve("state"),
            Map.of(
                "starfire.sources.visits.topic", "r-visits",
                "starfire.stream.max-record-bytes", "1k"));
    String visit = "{\"at\":\"2026-11-20T10:00:00Z\",\"page\":\"%s\",\"millis\":1}";
    bench.send("r-visits", 0, visit.formatted("p".repeat(1_200)));
    bench.send("r-visits", 0, visit.formatted("/"));
    bench.flush();
    try (StreamDriver driver = bench.start(StatelessStreamTest.Visits.class, config)) {
      await(driver, driver::status, () -> driver.status().count("visits", "EMITTED") == 2);
      assertThat(driver.status().outcomes().toString()).contains("SINK_REJECTED=1");
    }
    assertThat(bench.read("r-data-source-pages")).hasSize(1);
    assertThat(bench.read("r-visits-dead-letters"))
        .hasSize(1)
        .allSatisfy(
            letter -> {
              assertThat(field(letter, DeadLetter.OUTCOME)).isEqualTo("SINK_REJECTED");
              assertThat(field(letter, DeadLetter.CONTENT)).isEqualTo("raw");
              assertThat(field(letter, DeadLetter.OFFSET)).isEqualTo("0");
            });
  }

  @Test
  void aTopicThatAcceptsLessThanTheStreamMayWriteIsRefusedAtTheStart() {
    StarfireConfig config = config("d", "exactly_once_v2");
    bench.topic("d-data-source-ad_events", 1, Map.of("max.message.bytes", "1000000"));
    assertThatThrownBy(() -> bench.start(Ads.Counted.class, config))
        .hasMessage(
            "topic 'd-data-source-ad_events' accepts records of at most 1000000 bytes"
                + " (max.message.bytes), and with starfire.stream.max-record-bytes they can have"
                + " 1028096; raise the topic's limit, or lower the setting")
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(classes = {Ads.Counted.class, Ads.Deduplicated.class})
  void theDeadLetterOfALateEventHoldsTheRecordAsItCame(Class<?> pipeline) throws Exception {
    String name = pipeline.getSimpleName().toLowerCase(Locale.ROOT);
    StarfireConfig config = config("late-" + name, "exactly_once_v2");
    String topic = "late-" + name + "-impressions";
    String late = "  " + Ads.impression("late", BASE, false) + "  ";
    try (StreamDriver driver = bench.start(pipeline, config)) {
      impression("late-" + name, "on time", BASE + 60_000);
      click("late-" + name, "on time", BASE + 60_000);
      String stage = pipeline == Ads.Counted.class ? "clicked" : "impressions-deduplicated";
      await(driver, driver::status, () -> driver.status().watermarks().containsKey(stage));
      bench.abort(topic, 0, ATTEMPTS);
      ProducerRecord<byte[], byte[]> record =
          new ProducerRecord<>(topic, 0, "the key".getBytes(UTF_8), late.getBytes(UTF_8));
      record.headers().add("trace", "1".getBytes(UTF_8));
      bench.send(record);
      bench.abort(topic, 0, ATTEMPTS);
      bench.send(record);
      bench.flush();
      await(driver, driver::status, () -> driver.status().outcomes().toString().contains("LATE=2"));
    }
    List<ConsumerRecord<byte[], byte[]>> letters =
        bench.read("late-" + name + "-" + name + "-dead-letters");
    assertThat(letters)
        .hasSize(2)
        .allSatisfy(
            letter -> {
              assertThat(letter.key()).isEqualTo("the key".getBytes(UTF_8));
              assertThat(letter.value()).isEqualTo(late.getBytes(UTF_8));
              assertThat(StreamBench.header(letter, "trace")).isEqualTo("1");
              assertThat(field(letter, DeadLetter.CONTENT)).isEqualTo("raw");
              assertThat(field(letter, DeadLetter.TOPIC)).isEqualTo(topic);
            });
  }

  private static List<String> results(String prefix) {
    return Ads.results(bench.read(prefix + "-data-source-ad_events"));
  }
}
