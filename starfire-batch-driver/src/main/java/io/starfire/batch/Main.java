package io.starfire.batch;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.plan.PipelineJars;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@code hadoop jar starfire-jobs.jar CLASS --interval I --config FILE}: a batch run. The exit code
 * is 0 if all is published (or held, as asked), 1 if the publication is not active, 2 if the
 * command line or the configuration is wrong, 3 if the run could not be done. Ctrl-C and SIGTERM
 * kill the job and delete what the run has written.
 */
public final class Main {
  private static final int DONE = 0;
  private static final int NOT_PUBLISHED = 1;
  private static final String HADOOP_JAR = "hadoop jar starfire-jobs.jar";
  private static final String CLEAN = "clean";

  private Main() {}

  public static void main(String[] arguments) {
    int code = ErrorCode.INTERNAL.exitCode();
    try {
      code = run(HADOOP_JAR, List.of(arguments), System.out, System.err, InstantSource.system());
    } finally {
      // Hadoop's threads would keep the JVM alive.
      Runtime.getRuntime().exit(code);
    }
  }

  /**
   * Runs as {@link #main}, without ending the JVM; the exit code.
   *
   * @param command by which it was started, for the usage
   */
  public static int run(
      String command,
      List<String> arguments,
      PrintStream out,
      PrintStream err,
      InstantSource clock) {
    if (arguments.contains("--help")) {
      out.print(CommandLine.usage(command));
      return DONE;
    }
    try (StopSignal signal =
        StopSignal.interruptingThisThread(
            err, "starfire batch", "the job is killed and what it has written is deleted")) {
      return run(arguments, signal, out, err, clock);
    }
  }

  private static int run(
      List<String> arguments,
      StopSignal signal,
      PrintStream out,
      PrintStream err,
      InstantSource clock) {
    boolean verbose = arguments.contains("--verbose");
    if (!verbose) {
      HadoopLog.quieten();
    }
    try {
      if (arguments.contains(CLEAN)) {
        CleanCommandLine clean = CleanCommandLine.parse(arguments);
        Cleaning.clean(
            clean.config(), clean.hadoop(), clean.unpublished(), clean.resumable(), out::println);
        return DONE;
      }
      CommandLine command = CommandLine.parse(arguments);
      if (command.dryRun()) {
        withJars(command, () -> DryRun.lines(command.options(), clock)).forEach(out::println);
        return DONE;
      }
      BatchReport report =
          withJars(command, () -> BatchRun.run(command.options(), out::println, clock));
      report.lines().forEach(out::println);
      if (command.report() != null) {
        write(command.report(), report);
      }
      return report.isAsWanted(command.options().hold()) ? DONE : NOT_PUBLISHED;
    } catch (StarfireException e) {
      String message = signal.received() ? "stopped, as asked: " + e.getMessage() : e.getMessage();
      return failed(e, message, e.code().exitCode(), verbose, err);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      String message = "the run failed with %s; --verbose shows where".formatted(e);
      return failed(e, message, ErrorCode.INTERNAL.exitCode(), verbose, err);
    }
  }

  /** Hadoop, too, finds classes by the loader of this thread. */
  private static <T> T withJars(CommandLine command, Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(PipelineJars.open(command.jars(), before));
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static int failed(
      Throwable failure, String message, int code, boolean verbose, PrintStream err) {
    err.println("starfire batch: " + message);
    if (verbose) {
      failure.printStackTrace(err);
    }
    return code;
  }

  private static void write(Path file, BatchReport report) {
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
