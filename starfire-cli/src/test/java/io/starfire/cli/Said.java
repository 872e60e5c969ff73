package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What one command said, run in this process.
 *
 * @param exitCode it ended with
 * @param out its standard output
 * @param err its standard error, log lines included
 */
record Said(int exitCode, String out, String err) {
  /** Runs {@code bin/starfire} with these arguments. */
  static Said by(String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream originalOut = System.out;
    PrintStream originalErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      int exitCode = Main.run(arguments);
      return new Said(
          exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(originalOut);
      System.setErr(originalErr);
    }
  }

  /** It was refused: this exit code, and one line on standard error that holds all of the parts. */
  void refused(int expectedCode, String... parts) {
    List<String> lines = err.lines().toList();
    assertThat(lines).as("standard error").hasSize(1);
    assertThat(lines.get(0)).startsWith("starfire").contains(parts).doesNotContain("Exception");
    assertThat(exitCode).as(lines.get(0)).isEqualTo(expectedCode);
  }
}
