package io.starfire.batch.index;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command line.
 *
 * @param options what to do
 * @param report where to write the report as JSON, or null
 */
record IndexCommandLine(IndexOptions options, Path report) {
  static final String USAGE =
      """
      usage: bin/starfire index [FILE...] --spec SPEC [options]

      Loads files of rows without a pipeline. The rows replace what the data source shows in the
      intervals of the spec, all at once.

        FILE                a file of JSON lines, CSV or TSV (also .gz), or a directory of such
                            files. Default: the files of the spec's local input source
        --spec SPEC         file with a Druid ingestion spec of type index_parallel (JSON)
        --config FILE       configuration file
        -D KEY=VALUE        sets a configuration key, such as starfire.deep-storage.root
        --temporary-dir DIR directory for temporary files, which are about as large as the result.
                            Default: the temporary directory of the JVM
        --dry-run           build the segments, say what is in them, and delete them. Nothing is
                            published, and no server is needed
        --hold              do not activate the publication; it stays staged
        --accept-loss       activate the publication even if a bucket then shows fewer events
        --report FILE       write the report as JSON
        --verbose           show stack traces of errors

      A bucket of the intervals without rows becomes empty. An interval that is not over is refused.
      These rows are left out and counted: rows outside of the intervals, rows that cannot be read,
      and rows too far in the future (starfire.rows.max-ahead).

      Exit codes: 0 the publication is active, or as --hold or --dry-run asked; 1 it is not active, or not yet;
      2 wrong usage; 3 it could not run.
      """;

  static IndexCommandLine parse(List<String> arguments) {
    return new Parser(arguments).parse();
  }

  private static final class Parser {
    private final Deque<String> remaining;
    private final Map<String, String> starfire = new TreeMap<>();
    private final List<Path> files = new ArrayList<>();
    private Path spec;
    private Path config;
    private Path report;
    private Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    private boolean dryRun;
    private boolean hold;
    private boolean acceptLoss;

    Parser(List<String> arguments) {
      remaining = new ArrayDeque<>(arguments);
    }

    IndexCommandLine parse() {
      while (!remaining.isEmpty()) {
        take(remaining.pop());
      }
      if (spec == null) {
        throw usage("--spec is missing");
      }
      StarfireConfig loaded =
          config == null ? StarfireConfig.fromMap(starfire) : StarfireConfig.load(config, starfire);
      return new IndexCommandLine(
          new IndexOptions(files, spec, loaded, temporary, dryRun, hold, acceptLoss), report);
    }

    private void take(String argument) {
      switch (argument) {
        case "--spec" -> spec = Path.of(value(argument));
        case "--config" -> config = Path.of(value(argument));
        case "--report" -> report = Path.of(value(argument));
        case "--temporary-dir" -> temporary = Path.of(value(argument));
        case "--dry-run" -> dryRun = true;
        case "--hold" -> hold = true;
        case "--accept-loss" -> acceptLoss = true;
        case "--verbose" -> {
          // The caller looks for it.
        }
        case "-D" -> property(value(argument));
        default -> {
          if (argument.startsWith("-D")) {
            property(argument.substring(2));
          } else if (argument.startsWith("-")) {
            throw usage("option %s is not known".formatted(argument));
          } else {
            files.add(Path.of(argument));
          }
        }
      }
    }

    private String value(String option) {
      if (remaining.isEmpty()) {
        throw usage("option %s needs a value".formatted(option));
      }
      return remaining.pop();
    }

    private void property(String text) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw usage("-D must be followed by KEY=VALUE, got '%s'".formatted(text));
      }
      String key = text.substring(0, equals);
      starfire.put(key, text.substring(equals + 1));
    }

    private static StarfireException usage(String what) {
      return new StarfireException(ErrorCode.INVALID_INPUT, what + "; --help shows the usage");
    }
  }
}
