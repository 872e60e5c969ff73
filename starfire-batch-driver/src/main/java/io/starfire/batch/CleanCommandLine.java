package io.starfire.batch;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command line of {@code clean}.
 *
 * @param config of the deployment
 * @param hadoop properties of Hadoop, by its own names
 * @param unpublished whether runs that wait to be published are deleted too
 * @param resumable whether runs that could be resumed are deleted too
 */
record CleanCommandLine(
    StarfireConfig config, Map<String, String> hadoop, boolean unpublished, boolean resumable) {
  static CleanCommandLine parse(List<String> arguments) {
    Deque<String> remaining = new ArrayDeque<>(arguments);
    Map<String, String> starfire = new TreeMap<>();
    Map<String, String> hadoop = new TreeMap<>();
    Path config = null;
    boolean unpublished = false;
    boolean resumable = false;
    while (!remaining.isEmpty()) {
      String argument = remaining.pop();
      switch (argument) {
        case "clean", "--verbose" -> {
          // The caller looks for them.
        }
        case "--unpublished" -> unpublished = true;
        case "--resumable" -> resumable = true;
        case "--config" -> config = Path.of(value(argument, remaining));
        case "-D" -> property(value(argument, remaining), starfire, hadoop);
        default -> {
          if (!argument.startsWith("-D")) {
            throw usage("'%s' is not known to clean".formatted(argument));
          }
          property(argument.substring(2), starfire, hadoop);
        }
      }
    }
    if (config == null) {
      throw usage("--config is missing");
    }
    return new CleanCommandLine(
        StarfireConfig.load(config, starfire), hadoop, unpublished, resumable);
  }

  private static String value(String option, Deque<String> remaining) {
    if (remaining.isEmpty()) {
      throw usage("option %s needs a value".formatted(option));
    }
    return remaining.pop();
  }

  private static void property(
      String text, Map<String, String> starfire, Map<String, String> hadoop) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw usage("-D must be followed by KEY=VALUE, got '%s'".formatted(text));
    }
    String key = text.substring(0, equals);
    (key.startsWith("starfire.") ? starfire : hadoop).put(key, text.substring(equals + 1));
  }

  private static StarfireException usage(String what) {
    return new StarfireException(ErrorCode.INVALID_INPUT, what + "; --help shows the usage");
  }
}
