package io.starfire.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.benchmarks.process.Measured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Files indexed by {@code bin/starfire index --dry-run} in a process of its own: everything but the
 * upload and the publication, the start of the process included.
 */
@Command(
    name = "index-files",
    description = "Files to segments: rows a second and core, resident memory, bytes stored.",
    mixinStandardHelpOptions = true)
final class FilesBenchmark implements Callable<Integer> {
  private static final double MILLIS = 1e3;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Files, such as lineitem.tbl.")
  private List<Path> files;

  @Option(
      names = "--spec",
      description = "Ingestion spec (default: benchmarks/lineitem-spec.json).")
  private Path ingestionSpec;

  @Option(names = "--heap", description = "Of the process (default: as bin/starfire has it).")
  private String heap;

  @Option(names = "--jvm-option", description = "For the process; may be repeated.")
  private List<String> jvmOptions = List.of();

  @Option(names = "--one-core", description = "Hold the process to one core, by taskset.")
  private boolean oneCore;

  @Option(names = "--rounds", defaultValue = "3", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Samples perCpuSecond = new Samples();
    Samples perSecond = new Samples();
    Samples megabytes = new Samples();
    JsonNode report = null;
    try (WorkDirectory work = new WorkDirectory()) {
      Path directory = work.directory("index");
      for (int round = 0; round < rounds; round++) {
        Measured took = Measured.run(command(directory), directory.resolve("log"));
        report = JsonMapper.builder().build().readTree(directory.resolve("report").toFile());
        double rows = report.get("rows").asDouble();
        perCpuSecond.add(rows / (took.cpu().toMillis() / MILLIS));
        perSecond.add(rows / (took.wall().toMillis() / MILLIS));
        megabytes.add(took.peakBytes() / (double) (1 << 20));
      }
    }
    Table table = new Table(spec.commandLine().getOut());
    table.row("rows", "%,d".formatted(report.get("rows").asLong()));
    table.row("rows per second of CPU time", perCpuSecond.summary(0));
    table.row(
        "rows per second, %s, the start of the process included"
            .formatted(oneCore ? "one core" : "all cores"),
        perSecond.summary(0));
    table.row("peak resident memory, MB", megabytes.summary(0));
    table.row("bytes stored", "%,d".formatted(report.get("bytes").asLong()));
    table.row("segments", report.get("segments").asText());
    table.row("pieces spilled", report.get("spills").asText());
    table.row("seconds of each phase, last round", report.get("seconds").toString());
    return 0;
  }

  private List<String> javaOptions() {
    List<String> options = new ArrayList<>(jvmOptions);
    if (heap != null) {
      options.add("-Xmx" + heap);
    }
    return options;
  }

  private List<String> command(Path directory) {
    Path home = Path.of(System.getProperty("starfire.home"));
    Path chosen =
        ingestionSpec == null ? home.resolve("benchmarks/lineitem-spec.json") : ingestionSpec;
    List<String> command = new ArrayList<>();
    // Each of these becomes the next, so that all is one process.
    command.addAll(List.of("env", "JAVA_HOME=" + System.getProperty("java.home")));
    command.add("STARFIRE_JAVA_OPTS=" + String.join(" ", javaOptions()));
    if (oneCore) {
      command.addAll(List.of("taskset", "-c", "0"));
    }
    command.addAll(List.of(home.resolve("bin/starfire").toString(), "index", "--dry-run"));
    command.addAll(List.of("--spec", chosen.toString()));
    command.addAll(List.of("--temporary-dir", directory.toString()));
    command.addAll(List.of("--report", directory.resolve("report").toString()));
    files.forEach(file -> command.add(file.toString()));
    return command;
  }
}
