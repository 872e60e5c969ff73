package io.starfire.batch;

import io.starfire.batch.BatchReport.Published;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A report as lines for a person. Stateless. */
final class ReportText {
  private ReportText() {}

  static List<String> of(BatchReport report) {
    List<String> lines = new ArrayList<>();
    lines.add("outcomes in " + report.interval());
    report.outcomes().forEach((operator, counts) -> lines.add(counts(operator, counts)));
    if (!report.anomalies().isEmpty()) {
      lines.add("anomalies");
      report.anomalies().forEach((operator, counts) -> lines.add(counts(operator, counts)));
    }
    lines.add("jobs");
    report
        .jobSeconds()
        .forEach((job, took) -> lines.add(String.format(Locale.ROOT, "  %s: %.1f s", job, took)));
    for (Published published : report.publications()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s version %s: %d segments, %d empty buckets, %,d rows of %,d events, %,d bytes; publication %s is %s%s",
              published.dataSource(),
              published.version(),
              published.segments(),
              published.tombstones(),
              published.rows(),
              published.events(),
              published.sizeBytes(),
              published.publicationId(),
              published.state(),
              published.reason().isEmpty() ? "" : ": " + published.reason()));
    }
    if (!report.deadLetters().isEmpty()) {
      lines.add("records that could not be read are in " + report.deadLetters());
    }
    return lines;
  }

  private static String counts(String operator, Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
        .collect(Collectors.joining(", ", "  " + operator + ": ", ""));
  }
}
