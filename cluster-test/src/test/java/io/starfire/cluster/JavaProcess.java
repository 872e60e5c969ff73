package io.starfire.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A JVM of its own, with what it prints in files. Closing it ends it and all that it has started,
 * by their ids. Thread-safe.
 */
final class JavaProcess implements AutoCloseable {
  private static final Duration TERM_TIME = Duration.ofSeconds(4);
  private static final Duration KILL_TIME = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;

  private JavaProcess(String name, Process process, Path out, Path err) {
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * Starts a JVM.
   *
   * @param options of the JVM, the class path among them
   * @param logs directory for {@code <name>.out} and {@code <name>.err}
   * @param environment more variables, as NAME=VALUE
   */
  static JavaProcess start(
      String name,
      List<String> options,
      List<String> mainAndArguments,
      Path logs,
      List<String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(mainAndArguments);
    Path out = logs.resolve(name + ".out");
    Path err = logs.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(logs.toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()))
            .redirectError(ProcessBuilder.Redirect.appendTo(err.toFile()));
    for (String variable : environment) {
      String[] parts = variable.split("=", 2);
      builder.environment().put(parts[0], parts[1]);
    }
    try {
      JavaProcess started = new JavaProcess(name, builder.start(), out, err);
      Runtime.getRuntime().addShutdownHook(new Thread(started::kill));
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** All processes below it that run. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** What it has printed so far. */
  String out() {
    return text(out);
  }

  /** What it has printed on standard error so far. */
  String err() {
    return text(err);
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks it to end, as Ctrl-C and {@code kill} do. */
  void terminate() {
    process.destroy();
  }

  /** Ends it without asking, and what it has started. */
  void kill() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroyForcibly();
    below.forEach(ProcessHandle::destroyForcibly);
  }

  /** Waits for its end; its exit code. */
  int await(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "%s (process %d) has not ended after %s; it has printed:%n%s%n%s"
                .formatted(name, process.pid(), atMost, out(), err()));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(TERM_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        await(KILL_TIME);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      below.forEach(ProcessHandle::destroyForcibly);
    }
  }
}
