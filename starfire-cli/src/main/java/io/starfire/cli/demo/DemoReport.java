package io.starfire.cli.demo;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What {@code demo --once --report FILE} writes, in every case.
 *
 * @param schemaVersion of this report
 * @param seed of the generator
 * @param interval the five hours, ISO-8601
 * @param durationMillis of the demonstration
 * @param peakRssBytes of this process; 0 where the system does not tell
 * @param events what the generator made
 * @param outcomes by driver: how often each outcome was counted, over all operators
 * @param operators by driver and operator: the same, apart
 * @param hours the numbers of each hour
 * @param queriesDuringReplacement queries answered or failed while the switch happened
 * @param oldAnswers those with exactly the real-time numbers
 * @param newAnswers those with exactly the batch numbers
 * @param mixedAnswers all others
 * @param failedQueries those without an answer
 * @param swapMillis from the coordinator's answer to the registration to the first new answer
 * @param exact whether batch equals truth everywhere
 * @param problem why the demonstration failed, in a sentence; empty if it did not
 */
@JsonPropertyOrder({"schemaVersion", "seed", "interval", "durationMillis", "peakRssBytes"})
record DemoReport(
    int schemaVersion,
    long seed,
    String interval,
    long durationMillis,
    long peakRssBytes,
    Events events,
    Map<String, Map<String, Long>> outcomes,
    Map<String, Map<String, Map<String, Long>>> operators,
    List<Hour> hours,
    long queriesDuringReplacement,
    long oldAnswers,
    long newAnswers,
    long mixedAnswers,
    long failedQueries,
    long swapMillis,
    boolean exact,
    String problem) {
  static final int SCHEMA_VERSION = 1;

  /** What the generator made. */
  record Events(
      long generated,
      long impressions,
      long clicks,
      long duplicates,
      long late,
      long undecodable,
      long nullKey) {
    static final Events NONE = new Events(0, 0, 0, 0, 0, 0, 0);
  }

  /** One hour, by each way of computing it. */
  record Hour(String start, HourNumbers truth, HourNumbers realtime, HourNumbers batch) {}

  void write(Path file) {
    try {
      Files.writeString(file, Json.writeIndented(this) + "\n");
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the report '%s' cannot be written (%s)".formatted(file, IoFailure.reason(e)),
          e);
    }
  }
}
