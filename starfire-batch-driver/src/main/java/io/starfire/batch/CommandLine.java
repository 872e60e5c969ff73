package io.starfire.batch;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
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
 * The command line. {@code -D key=value} is read here, before and after the class: Hadoop's own
 * parser stops at the first argument that is no option.
 *
 * @param options what to do
 * @param jars of the user, with the class of the pipeline
 * @param dryRun whether it is only said what the run would do
 * @param report where to write the report as JSON, or null
 * @param verbose whether an error is shown with its stack trace
 */
record CommandLine(
    BatchOptions options, List<Path> jars, boolean dryRun, Path report, boolean verbose) {
  private static final String USAGE =
      """
      usage: %1$s CLASS --interval START/END --config FILE [options]
             %1$s clean --config FILE [--unpublished] [--resumable]

      Runs a pipeline over an interval as MapReduce jobs. The results replace what all data sources
      of the pipeline show in the interval, all at once. Files of the pipeline are replaced when the
      publication is active. Topics are left out.

        CLASS               class of the pipeline, such as io.starfire.jobs.ads.AdEvents
        --interval I        example: 2026-11-20T10/PT1H. It consists of whole segment buckets
        --config FILE       configuration file
        --jar FILE          a jar of your own with the class, without Starfire in it; may be repeated,
                            for the libraries that it needs. Tasks get it too
        -D KEY=VALUE        sets a configuration key (starfire...) or a property of Hadoop
        --hold              do not activate the publication; it stays staged
        --accept-loss       activate the publication even if a bucket then shows fewer events
        --allow-incomplete  run although events of the interval may be missing from the input
        --tile PERIOD       compute the interval in parts, such as P1D; all parts are one publication.
                            What lies between the jobs of a part is deleted when the part is done
        --parallel-jobs N   run N jobs at the same time, of one part or of several
        --resume            use the jobs that an earlier run of the same has done, after it failed
        --dry-run           say what would be read, run and published, and do nothing
        --report FILE       write the report as JSON
        --verbose           show stack traces of errors, and the warnings of Hadoop

        clean               deletes what dead runs left behind; the next run does so too
        --unpublished       also deletes runs that wait to be published, and their segments
        --resumable         also deletes failed runs that --resume could use

      Exit codes: 0 the publication is active, or staged with --hold; 1 it is not active, or not yet;
      2 wrong usage; 3 it could not run.
      """;

  /**
   * How it is used.
   *
   * @param command by which it was started
   */
  static String usage(String command) {
    return USAGE.formatted(command);
  }

  static CommandLine parse(List<String> arguments) {
    return new Parser(arguments).parse();
  }

  private static final class Parser {
    private final Deque<String> remaining;
    private final Map<String, String> starfire = new TreeMap<>();
    private final Map<String, String> hadoop = new TreeMap<>();
    private final List<Path> jars = new ArrayList<>();
    private String pipeline;
    private Interval interval;
    private Path config;
    private Path report;
    private boolean hold;
    private boolean acceptLoss;
    private boolean allowIncomplete;
    private String tile = "";
    private boolean resume;
    private boolean dryRun;
    private boolean verbose;

    Parser(List<String> arguments) {
      remaining = new ArrayDeque<>(arguments);
    }

    CommandLine parse() {
      while (!remaining.isEmpty()) {
        take(remaining.pop());
      }
      if (pipeline == null) {
        throw usage("the class of a pipeline is missing");
      }
      if (interval == null) {
        throw usage("--interval is missing");
      }
      if (config == null) {
        throw usage("--config is missing");
      }
      return new CommandLine(
          new BatchOptions(
              pipeline,
              interval,
              StarfireConfig.load(config, starfire),
              hadoop,
              hold,
              acceptLoss,
              allowIncomplete,
              tile,
              resume),
          List.copyOf(jars),
          dryRun,
          report,
          verbose);
    }

    private void take(String argument) {
      switch (argument) {
        case "--interval" -> interval = Interval.parse(value(argument));
        case "--config" -> config = Path.of(value(argument));
        case "--jar" -> jars.add(Path.of(value(argument)));
        case "--report" -> report = Path.of(value(argument));
        case "--hold" -> hold = true;
        case "--accept-loss" -> acceptLoss = true;
        case "--allow-incomplete" -> allowIncomplete = true;
        case "--tile" -> tile = value(argument);
        case "--parallel-jobs" -> starfire.put("starfire.batch.parallel-jobs", value(argument));
        case "--resume" -> resume = true;
        case "--dry-run" -> dryRun = true;
        case "--verbose" -> verbose = true;
        case "-D" -> property(value(argument));
        default -> {
          if (argument.startsWith("-D")) {
            property(argument.substring(2));
          } else if (argument.startsWith("-")) {
            throw usage("option %s is not known".formatted(argument));
          } else if (pipeline != null) {
            throw usage("'%s' is one argument too many".formatted(argument));
          } else {
            pipeline = argument;
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
      (key.startsWith("starfire.") ? starfire : hadoop).put(key, text.substring(equals + 1));
    }

    private static StarfireException usage(String what) {
      return new StarfireException(ErrorCode.INVALID_INPUT, what + "; --help shows the usage");
    }
  }
}
