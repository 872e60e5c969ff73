package io.starfire.batch;

import io.starfire.batch.base.BatchJson;
import io.starfire.batch.input.Pin;
import io.starfire.common.Interval;
import io.starfire.protocol.PublicationStatus;
import java.util.List;
import java.util.Locale;
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
 * @param publications one for each data source
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
    List<Published> publications,
    String deadLetters) {

  /**
   * What was published of one data source.
   *
   * @param dataSource that was written
   * @param version of its segments
   * @param publicationId from the coordinator
   * @param state STAGED, ACTIVE, ABORTED or ROLLED_BACK, as last seen
   * @param reason why it is not active, in a sentence; empty if it is
   * @param segments with a file
   * @param tombstones buckets without events
   * @param rows stored, after rollup
   * @param events before rollup
   * @param sizeBytes of all files
   */
  public record Published(
      String dataSource,
      String version,
      String publicationId,
      PublicationStatus.State state,
      String reason,
      int segments,
      int tombstones,
      long rows,
      long events,
      long sizeBytes) {
    /** What was published, and what became of it, for people. */
    public String line() {
      return String.format(
          Locale.ROOT,
          "%s version %s: %d segments, %d empty buckets, %,d rows of %,d events, %,d bytes;"
              + " publication %s is %s%s",
          dataSource,
          version,
          segments,
          tombstones,
          rows,
          events,
          sizeBytes,
          publicationId,
          state,
          reason.isEmpty() ? "" : ": " + reason);
    }
  }

  public String toJson() {
    return BatchJson.write(this);
  }

  /** Lines for a person. */
  public List<String> lines() {
    return ReportText.of(this);
  }
}
