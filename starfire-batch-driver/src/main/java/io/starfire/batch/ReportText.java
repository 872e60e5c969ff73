package io.starfire.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        .forEach(
            (job, took) -> {
              lines.add(String.format(Locale.ROOT, "  %s: %.1f s", job, took));
              counters(report.jobCounters().getOrDefault(job, Map.of())).forEach(lines::add);
            });
    if (report.publication() != null) {
      lines.addAll(report.publication().lines());
    }
    report.files().forEach(files -> lines.add(files.line()));
    if (report.files().stream().anyMatch(files -> !files.inPlace())) {
      lines.add(
          "the files take their places when 'bin/starfire publish %s' finds the publication active"
              .formatted(report.publication().publicationId()));
    }
    if (!report.leftOut().isEmpty()) {
      lines.add(
          "left out, because a batch run writes no topics: " + String.join(", ", report.leftOut()));
    }
    if (!report.deadLetters().isEmpty()) {
      lines.add("records that could not be read are in " + report.deadLetters());
    }
    return lines;
  }

  /** The local job runner counts no attempts. */
  private static String launched(Map<String, Long> counters, String counter) {
    Long count = counters.get(counter);
    return count == null ? "" : String.format(Locale.ROOT, "%,d ", count);
  }

  /** What went wrong and was mended on the way has a line of its own. */
  private static List<String> counters(Map<String, Long> counters) {
    List<String> lines = new ArrayList<>();
    if (!counters.isEmpty()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "    %smappers read %,d records; %sreducers read %,d and wrote %,d",
              launched(counters, "TOTAL_LAUNCHED_MAPS"),
              counters.getOrDefault("MAP_INPUT_RECORDS", 0L),
              launched(counters, "TOTAL_LAUNCHED_REDUCES"),
              counters.getOrDefault("REDUCE_INPUT_RECORDS", 0L),
              counters.getOrDefault("REDUCE_OUTPUT_RECORDS", 0L)));
    }
    long failed = sum(counters, "NUM_FAILED_MAPS", "NUM_FAILED_REDUCES");
    long killed = sum(counters, "NUM_KILLED_MAPS", "NUM_KILLED_REDUCES");
    if (failed + killed > 0) {
      lines.add(
          String.format(
              Locale.ROOT,
              "    %,d attempts failed and were repeated, %,d were superfluous and killed",
              failed,
              killed));
    }
    return lines;
  }

  private static long sum(Map<String, Long> counters, String... names) {
    return Stream.of(names).mapToLong(name -> counters.getOrDefault(name, 0L)).sum();
  }

  private static String counts(String operator, Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(count -> String.format(Locale.ROOT, "%s %,d", count.getKey(), count.getValue()))
        .collect(Collectors.joining(", ", "  " + operator + ": ", ""));
  }
}
