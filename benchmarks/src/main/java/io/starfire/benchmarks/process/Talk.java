package io.starfire.benchmarks.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * How a process of the benchmark talks with the one that started it: it says that it is ready, and
 * then answers each line of its standard input with a line. It ends with its input, so that nothing
 * is left when the benchmark is killed.
 */
public final class Talk {
  /** Lines that begin so are meant for the benchmark; libraries may print others. */
  static final String MARK = "@@ ";

  private Talk() {}

  /**
   * Says a line, and answers others until the input ends.
   *
   * @param ready what the benchmark waits for
   * @param answer of a question
   */
  public static void untilInputEnds(String ready, Function<String, String> answer)
      throws IOException {
    say(ready);
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      say(answer.apply(line));
    }
  }

  /** The same for a process that is asked nothing. */
  public static void untilInputEnds(String ready) throws IOException {
    untilInputEnds(ready, question -> "");
  }

  private static void say(String line) {
    System.out.println(MARK + line);
    System.out.flush();
  }
}
