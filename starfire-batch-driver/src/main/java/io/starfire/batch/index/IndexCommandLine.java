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
      usage: starfire index [FILE...] --spec SPEC [options]

        FILE                rows as JSON lines, CSV or TSV, also with gzip (.gz), or a directory of
                            such; without one, the files of the spec's local input source
        --spec SPEC         Druid's ingestion spec (index_parallel) as a file of JSON: data source,
                            time, dimensions, metrics, granularities, intervals, input format
        --config FILE       configuration of the deployment: coordinator, deep storage
        -D KEY=VALUE        a key of the configuration, such as starfire.deep-storage.root
        --temporary-dir DIR for spilled rows and finished segments, about as large as the data source;
                            deleted at the end; default: the JVM's temporary directory
        --hold              leave the publication staged
        --accept-less       publish even if it holds fewer events than what it replaces
        --report FILE       write the report as JSON
        --verbose           show stack traces

      The intervals of the spec are replaced as a whole, with one publication; buckets of them without
      rows become empty. An interval that is not over is refused. Rows outside of them, rows that cannot be
      read, and rows in the future (starfire.rows.max-ahead) are counted and left out.
      Exit codes: 0 published; 1 not published, or not yet; 2 usage; 3 it could not run.
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
    private boolean hold;
    private boolean acceptLess;

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
          new IndexOptions(files, spec, loaded, temporary, hold, acceptLess), report);
    }

    private void take(String argument) {
      switch (argument) {
        case "--spec" -> spec = Path.of(value(argument));
        case "--config" -> config = Path.of(value(argument));
        case "--report" -> report = Path.of(value(argument));
        case "--temporary-dir" -> temporary = Path.of(value(argument));
        case "--hold" -> hold = true;
        case "--accept-less" -> acceptLess = true;
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
