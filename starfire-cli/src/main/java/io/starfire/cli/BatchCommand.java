package io.starfire.cli;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;

/**
 * Runs a pipeline as a batch job: the same class, with the same options, as {@code hadoop jar}, for
 * users who have no {@code hadoop} on their path.
 */
@Command(
    name = "batch",
    description = "Runs a pipeline over an interval as MapReduce jobs, and publishes the result.")
final class BatchCommand extends OwnCommandLine {
  @Override
  int run(List<String> all, PrintStream out, PrintStream err) {
    return io.starfire.batch.Main.run("bin/starfire batch", all, out, err, InstantSource.system());
  }
}
