package io.starfire.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole loop, as a user runs it: broker, both drivers, archive, server, replacement. */
class DemoOnceTest {
  private static final long LEAST_QUERIES = 200;
  private static final int HOURS = 5;

  /** Nobody looks on; the stream could do ten times as much. */
  private static final int SPEED = 3 * DemoSettings.SPEED;

  @TempDir private Path directory;

  @Test
  void batchReplacesTheRealTimeNumbersByTheTruthAllAtOnce() throws Exception {
    Path report = directory.resolve("report.json");
    StringWriter shown = new StringWriter();
    DemoSettings settings =
        new DemoSettings(directory.resolve("data"), 0, 7, true, Optional.of(report), SPEED);

    boolean good = new Demo(settings, new PrintWriter(shown), InstantSource.system()).run();

    JsonNode json = new ObjectMapper().readTree(report.toFile());
    assertThat(good).as(json.path("problem").asText() + "\n" + shown).isTrue();
    assertThat(json.path("exact").asBoolean()).isTrue();
    assertThat(json.path("mixedAnswers").asLong()).isZero();
    assertThat(json.path("failedQueries").asLong()).isZero();
    assertThat(json.path("oldAnswers").asLong()).isPositive();
    assertThat(json.path("newAnswers").asLong()).isPositive();
    assertThat(json.path("queriesDuringReplacement").asLong())
        .isGreaterThanOrEqualTo(LEAST_QUERIES);
    assertThat(json.path("hours")).hasSize(HOURS);
    for (JsonNode hour : json.path("hours")) {
      assertThat(hour.path("batch")).isEqualTo(hour.path("truth"));
      assertThat(hour.path("realtime")).isNotEqualTo(hour.path("truth"));
      assertThat(hour.path("truth").path("rows").asLong()).isPositive();
    }
    assertThat(json.path("outcomes").path("stream").path("LATE").asLong()).isPositive();
    assertThat(json.path("outcomes").path("batch").path("LATE").asLong()).isZero();
  }
}
