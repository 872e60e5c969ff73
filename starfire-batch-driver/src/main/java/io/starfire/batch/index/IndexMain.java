package io.starfire.batch.index;

import io.starfire.batch.StopSignal;
import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code starfire index FILE --spec SPEC}. Exit codes: 0 if the publication is active, or held as
 * asked; 1 if it is not active; 2 if the command line, the spec or the configuration is wrong; 3 if
 * the run failed.
 */
public final class IndexMain {
  private static final int DONE = 0;
  private static final int NOT_PUBLISHED = 1;

  private IndexMain() {}

  /** Runs and returns the exit code. If this thread is interrupted, the run ends and cleans up. */
  public static int run(
      List<String> arguments, PrintStream out, PrintStream err, InstantSource clock) {
    boolean verbose = arguments.contains("--verbose");
    if (arguments.contains("--help")) {
      out.print(IndexCommandLine.USAGE);
      return DONE;
    }
    try {
      IndexCommandLine command = IndexCommandLine.parse(arguments);
      IndexReport report = IndexRun.run(command.options(), out::println, clock);
      report.lines().forEach(out::println);
      if (command.report() != null) {
        write(command.report(), report);
      }
      boolean done =
          report.published() == null || report.published().isAsWanted(command.options().hold());
      return done ? DONE : NOT_PUBLISHED;
    } catch (StarfireException e) {
      return failed(e, e.getMessage(), e.code().exitCode(), verbose, err);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      String message = "the run failed with %s; --verbose shows where".formatted(e);
      return failed(e, message, ErrorCode.INTERNAL.exitCode(), verbose, err);
    }
  }

  /**
   * As {@link #run}, for a process of its own. Ctrl-C and SIGTERM interrupt the run. The process
   * ends when the run has deleted what it wrote.
   */
  public static int runUntilSignal(
      List<String> arguments, PrintStream out, PrintStream err, InstantSource clock) {
    try (StopSignal unused =
        StopSignal.interruptingThisThread(
            err, "starfire index", "what it has written is deleted")) {
      return run(arguments, out, err, clock);
    }
  }

  private static int failed(
      Throwable failure, String message, int code, boolean verbose, PrintStream err) {
    err.println("starfire index: " + message);
    if (verbose) {
      failure.printStackTrace(err);
    }
    return code;
  }

  private static void write(Path file, IndexReport report) {
    try {
      Files.writeString(file, report.toJson() + "\n");
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "report %s cannot be written: %s".formatted(file, IoFailure.reason(e)),
          e);
    }
  }
}
