package io.starfire.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

/**
 * A command whose module reads the command line itself, because Hadoop or a test starts it without
 * {@code bin/starfire} too.
 */
abstract class OwnCommandLine implements Callable<Integer> {
  @ParentCommand private Main main;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public final Integer call() {
    List<String> all = new ArrayList<>(arguments);
    if (main.verbose()) {
      all.add("--verbose");
    }
    return run(all, stream(System.out), stream(System.err));
  }

  /** Runs the command and returns its exit code. */
  abstract int run(List<String> all, PrintStream out, PrintStream err);

  private static PrintStream stream(OutputStream target) {
    return new PrintStream(target, true, StandardCharsets.UTF_8);
  }
}
