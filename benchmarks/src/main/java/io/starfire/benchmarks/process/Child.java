package io.starfire.benchmarks.process;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A Java process of the benchmark, with a log file. Its class talks as {@link Talk} does. Used by
 * one thread.
 */
public final class Child implements AutoCloseable {
  private static final long STOP_SECONDS = 20;
  private static final int TAIL_LINES = 20;

  private final String name;
  private final Process process;
  private final Writer input;
  private final Path log;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.log = log;
    Thread listener = new Thread(this::listen, "said by " + name);
    listener.setDaemon(true);
    listener.start();
  }

  /**
   * Starts one.
   *
   * @param options of the JVM
   * @param directory for its log, and where it works
   */
  public static Child start(
      String name,
      List<String> options,
      String classPath,
      String mainClass,
      List<String> arguments,
      Path directory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Djava.io.tmpdir=" + directory, "-cp", classPath, mainClass));
    command.addAll(arguments);
    Path log = directory.resolve(name + ".log");
    try {
      return new Child(
          name,
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectError(log.toFile())
              .start(),
          log);
    } catch (IOException e) {
      throw new StarfireException(ErrorCode.UNAVAILABLE, name + " cannot be started: " + e, e);
    }
  }

  /** The next line that it says to the benchmark. */
  public String line(Duration limit) {
    long startNanos = System.nanoTime();
    try {
      while (true) {
        String line = said.poll(100, TimeUnit.MILLISECONDS);
        if (line != null) {
          return line;
        }
        check();
        if (System.nanoTime() - startNanos > limit.toNanos()) {
          throw new StarfireException(
              ErrorCode.TIMEOUT, "%s said nothing for %s; %s".formatted(name, limit, tail()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StarfireException(
          ErrorCode.CANCELED, "interrupted while %s ran".formatted(name), e);
    }
  }

  public String ask(String question, Duration limit) {
    try {
      input.write(question + "\n");
      input.flush();
    } catch (IOException e) {
      check();
      throw new StarfireException(ErrorCode.UNAVAILABLE, name + " does not listen: " + e, e);
    }
    return line(limit);
  }

  /** The processor time that it has taken. */
  public Duration cpu() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Its largest resident set so far; 0 if the machine does not tell. */
  public long peakBytes() {
    return Measured.peakBytes(process.pid());
  }

  /** Throws if it has ended. */
  public void check() {
    if (!process.isAlive()) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "%s ended with exit code %d; %s".formatted(name, process.exitValue(), tail()));
    }
  }

  /** The last lines of its log, for a message. */
  public String tail() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      int from = Math.max(0, lines.size() - TAIL_LINES);
      return "it said last: " + String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(Talk.MARK)) {
          said.add(line.substring(Talk.MARK.length()));
        }
      }
    } catch (IOException e) {
      // It has ended; whoever waits for a line notices.
    }
  }

  /** Has it end by a signal, as one ends a daemon; kills it if it does not. */
  public void stop() {
    process.destroy();
    close();
  }

  /** Ends its input, upon which it stops; kills it if it does not. */
  @Override
  public void close() {
    try {
      input.close();
    } catch (IOException e) {
      // It does not listen any more.
    }
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
