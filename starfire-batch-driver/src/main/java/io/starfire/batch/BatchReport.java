package io.starfire.batch;

import io.starfire.batch.input.Pin;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import java.util.List;
import java.util.Map;

/**
 * What a batch run did. Immutable; {@code --report} writes it as JSON.
 *
 * @param pipeline name of the class
 * @param interval that was computed
 * @param planFingerprint of the plan
 * @param pin what was read
 * @param outcomes of events in the interval, by operator and name of the outcome; MARGIN is what
 *     was read around it
 * @param anomalies by operator and name
 * @param jobSeconds by name of the job, in the order in which they ran
 * @param jobCounters by name of the job and Hadoop's name of the counter
 * @param publication of all data sources; null if the pipeline has none
 * @param files for other programs, by sink
 * @param leftOut the topics of the pipeline, which a batch run does not write
 * @param deadLetters directory of the records that could not be read; empty if there are none
 */
public record BatchReport(
    String pipeline,
    Interval interval,
    String planFingerprint,
    Pin pin,
    Map<String, Map<String, Long>> outcomes,
    Map<String, Map<String, Long>> anomalies,
    Map<String, Double> jobSeconds,
    Map<String, Map<String, Long>> jobCounters,
    Published publication,
    List<WrittenFiles> files,
    List<String> leftOut,
    String deadLetters) {

  /** Whether all is published, or held back as asked. */
  public boolean isAsWanted(boolean hold) {
    return publication == null || publication.isAsWanted(hold);
  }

  public String toJson() {
    return Json.write(this);
  }

  /** Lines for a person. */
  public List<String> lines() {
    return ReportText.of(this);
  }
}
