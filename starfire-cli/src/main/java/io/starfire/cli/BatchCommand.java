package io.starfire.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

/**
 * Runs a pipeline as a batch job: the same class, with the same options, as {@code hadoop jar}, for
 * users who have no {@code hadoop} on their path.
 */
@Command(
    name = "batch",
    description = "Runs a pipeline over an interval as MapReduce jobs, and publishes the result.")
final class BatchCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>(arguments);
    if (main.verbose()) {
      all.add("--verbose");
    }
    return io.starfire.batch.Main.run(
        "bin/starfire batch", all, stream(System.out), stream(System.err), InstantSource.system());
  }

  private static PrintStream stream(OutputStream target) {
    return new PrintStream(target, true, StandardCharsets.UTF_8);
  }
}
