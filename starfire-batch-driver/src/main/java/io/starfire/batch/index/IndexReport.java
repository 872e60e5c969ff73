package io.starfire.batch.index;

import io.starfire.batch.Published;
import io.starfire.common.Interval;
import io.starfire.common.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an indexing run did. Immutable; {@code --report} writes it as JSON.
 *
 * @param dataSource that was written
 * @param intervals that were replaced
 * @param files that were read
 * @param rows that were indexed
 * @param rejected rows that were not indexed, by kind
 * @param firstRejected the first of each kind, as {@code file:line: reason}
 * @param spills how many pieces were written to the disk during the run to free memory
 * @param segments that were built
 * @param bytes of all segments
 * @param seconds of each phase, in the order in which they ran
 * @param published the publication, as the coordinator answered; null after a dry run
 */
public record IndexReport(
    String dataSource,
    List<Interval> intervals,
    List<String> files,
    long rows,
    Map<String, Long> rejected,
    Map<String, List<String>> firstRejected,
    int spills,
    int segments,
    long bytes,
    Map<String, Double> seconds,
    Published published) {

  public String toJson() {
    return Json.write(this);
  }

  /** Lines for a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    double indexing = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d rows indexed in %.1f s, %,.0f rows/s",
            rows,
            indexing,
            rows / Math.max(indexing, 0.001)));
    seconds.forEach(
        (phase, took) -> lines.add(String.format(Locale.ROOT, "  %s: %.1f s", phase, took)));
    rejected.forEach(
        (kind, count) -> {
          lines.add(String.format(Locale.ROOT, "%s: %,d rows; the first:", kind, count));
          firstRejected.getOrDefault(kind, List.of()).forEach(row -> lines.add("  " + row));
        });
    if (published == null) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%d segments with %,d bytes would be published in %s",
              segments,
              bytes,
              intervals));
    } else {
      lines.addAll(published.lines());
    }
    return lines;
  }
}
