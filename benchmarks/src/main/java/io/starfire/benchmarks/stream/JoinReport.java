package io.starfire.benchmarks.stream;

import io.starfire.benchmarks.Samples;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of the runs. Not thread-safe. */
final class JoinReport {
  private static final List<String> PEERS =
      List.of(Contestants.DSL, Contestants.FLINK, Contestants.BARE);

  private final Map<String, Figures> bySystem = new LinkedHashMap<>();

  private record Figures(Samples rate, Samples cpu, Samples written, Samples bytes) {}

  void add(String system, Run.Took took) {
    Figures figures =
        bySystem.computeIfAbsent(
            system,
            missing -> new Figures(new Samples(), new Samples(), new Samples(), new Samples()));
    figures.rate().add(took.perSecond());
    figures.cpu().add(took.cpuMicros());
    figures.written().add(took.written());
    figures.bytes().add(took.writtenBytes());
  }

  /** Prints it as Markdown. An event is a raw record. */
  void print(PrintWriter out) {
    out.println(
        "| system | raw records/s | CPU us a record | records written an event | bytes written an"
            + " event | / dsl | / flink | / bare |");
    out.println("|---|---|---|---|---|---|---|---|");
    bySystem.forEach(
        (system, figures) -> {
          StringBuilder line = new StringBuilder("| ").append(system).append(" | ");
          line.append(figures.rate().summary(0)).append(" | ");
          line.append(figures.cpu().summary(1)).append(" | ");
          line.append("%.2f".formatted(figures.written().median())).append(" | ");
          line.append("%.0f".formatted(figures.bytes().median())).append(" |");
          PEERS.forEach(peer -> line.append(' ').append(ratio(figures, peer)).append(" |"));
          out.println(line);
        });
    out.flush();
  }

  private String ratio(Figures figures, String peer) {
    Figures other = bySystem.get(peer);
    return other == null ? "-" : "%.2f".formatted(figures.rate().median() / other.rate().median());
  }
}
