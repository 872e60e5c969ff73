package io.starfire.cli;

import io.starfire.archiver.ArchivePruning;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Deletes the beginning of the archive. */
@Command(
    name = "prune",
    description = {
      "Deletes the files of the archive in which all events are older than a time.",
      "The archiver may be running. A later batch run that needs a deleted event is refused."
    },
    mixinStandardHelpOptions = true)
final class ArchivePruneCommand implements Callable<Integer> {
  @Option(
      names = "--before",
      required = true,
      paramLabel = "TIME",
      description = "Example: 2026-11-20T00:00Z. A file with an event at or after it is kept.")
  private String before;

  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long beforeMillis;
    try {
      beforeMillis = Times.parse(before);
    } catch (StarfireException e) {
      throw new ParameterException(spec.commandLine(), "--before: " + e.getMessage(), e);
    }
    ArchivePruning.Report report =
        ArchivePruning.prune(config.load(), beforeMillis, InstantSource.system());
    spec.commandLine()
        .getOut()
        .printf(
            "%d files with %d records, all of them before %s, were deleted%n",
            report.files(), report.rows(), before);
    spec.commandLine().getOut().flush();
    return 0;
  }
}
