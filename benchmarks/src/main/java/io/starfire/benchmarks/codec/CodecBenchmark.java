package io.starfire.benchmarks.codec;

import io.starfire.benchmarks.Samples;
import io.starfire.benchmarks.WorkDirectory;
import io.starfire.benchmarks.process.Child;
import io.starfire.benchmarks.process.Machine;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Records encoded and decoded a second and core: Starfire's codec beside Avro's. */
@Command(
    name = "codec",
    description = "Records encoded and decoded a second and core, beside Avro's records.",
    mixinStandardHelpOptions = true)
public final class CodecBenchmark implements Callable<Integer> {
  private static final String STARFIRE = "starfire";
  private static final List<String> CANDIDATES = List.of(STARFIRE, "avro-specific", "avro-generic");
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** The last one: Avro makes objects of classes that it is told to trust. */
  private static final List<String> JVM =
      List.of(
          "-Xms256m",
          "-Xmx256m",
          "-XX:+UseSerialGC",
          "-Dorg.apache.avro.SERIALIZABLE_CLASSES=" + SpecificImpression.class.getName());

  @Option(names = "--values", defaultValue = "2000", description = "Of a pass (${DEFAULT-VALUE}).")
  private int values;

  @Option(names = "--passes", defaultValue = "500", description = "Of a round (${DEFAULT-VALUE}).")
  private int passes;

  @Option(names = "--rounds", defaultValue = "10", description = "Counted (${DEFAULT-VALUE}).")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "5", description = "Not counted (${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--seed", defaultValue = "42", description = "Of the data (${DEFAULT-VALUE}).")
  private long seed;

  @Spec private CommandSpec spec;

  private record Figures(Samples encode, Samples decode) {}

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Machine.describe("256m, serial collector"));
    Map<String, Child> processes = new LinkedHashMap<>();
    Map<String, Figures> figures = new LinkedHashMap<>();
    try (WorkDirectory work = new WorkDirectory()) {
      try {
        for (String name : CANDIDATES) {
          processes.put(name, start(name, work.directory(name)));
          figures.put(name, new Figures(new Samples(), new Samples()));
        }
        out.printf("%d impressions of %s bytes each%n", values, sameBytes(processes));
        for (int round = 0; round < warmUp + rounds; round++) {
          for (String name : CANDIDATES) {
            String[] nanos = processes.get(name).ask(Integer.toString(passes), LIMIT).split(" ");
            if (round >= warmUp) {
              figures.get(name).encode().add(1e9 / Double.parseDouble(nanos[0]));
              figures.get(name).decode().add(1e9 / Double.parseDouble(nanos[1]));
            }
          }
        }
      } finally {
        processes.values().forEach(Child::close);
      }
    }
    print(out, figures);
    return 0;
  }

  private Child start(String name, Path directory) {
    return Child.start(
        name,
        JVM,
        System.getProperty("java.class.path"),
        CodecMain.class.getName(),
        List.of(name, Integer.toString(values), Long.toString(seed)),
        directory);
  }

  /** All must have written the same; returns the bytes of a value. */
  private static String sameBytes(Map<String, Child> processes) {
    String first = null;
    for (Map.Entry<String, Child> each : processes.entrySet()) {
      String said = each.getValue().line(LIMIT);
      first = first == null ? said : first;
      if (!said.equals(first)) {
        throw new StarfireException(
            ErrorCode.WRONG_RESULT,
            "%s wrote other bytes than %s".formatted(each.getKey(), CANDIDATES.get(0)));
      }
    }
    return first == null ? "no" : first.split(" ")[1];
  }

  private static void print(PrintWriter out, Map<String, Figures> figures) {
    out.println(
        "| codec | encoded a second and core | decoded a second and core | encode / starfire |"
            + " decode / starfire |");
    out.println("|---|---|---|---|---|");
    Figures ours = figures.get(STARFIRE);
    figures.forEach(
        (name, each) ->
            out.printf(
                "| %s | %s | %s | %.2f | %.2f |%n",
                name,
                each.encode().summary(0),
                each.decode().summary(0),
                each.encode().median() / ours.encode().median(),
                each.decode().median() / ours.decode().median()));
    out.println(Machine.load());
    out.flush();
  }
}
