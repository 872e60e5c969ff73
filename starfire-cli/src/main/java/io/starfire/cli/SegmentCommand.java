package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.segment.format.SegmentCheck;
import io.starfire.segment.format.SegmentInfo;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks into segment files. */
@Command(
    name = "segment",
    description = "Checks segment files, or shows what is in them.",
    mixinStandardHelpOptions = true)
final class SegmentCommand implements Runnable {
  private static final int DAMAGED = 1;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name what to do: check or info.");
  }

  @Command(
      description = "Reads every block of each file. Exit code 1: a file is damaged.",
      mixinStandardHelpOptions = true)
  int check(@Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) {
    PrintWriter out = spec.commandLine().getOut();
    boolean whole = true;
    for (Path file : files) {
      SegmentCheck.Report report = SegmentCheck.check(existing(file));
      whole &= report.isWhole();
      out.println(report.toText().stripTrailing());
    }
    return whole ? 0 : DAMAGED;
  }

  @Command(
      description =
          "Prints the schema, interval and rows of each file, and the bytes and encoding of"
              + " columns.",
      mixinStandardHelpOptions = true)
  int info(
      @Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files,
      @Option(names = "--json", description = "Print JSON.") boolean json) {
    PrintWriter out = spec.commandLine().getOut();
    for (Path file : files) {
      SegmentInfo info = SegmentInfo.of(existing(file));
      out.println(json ? info.toJson() : info.toText().stripTrailing());
    }
    return 0;
  }

  private static Path existing(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND, "there is no segment file '%s'; check the path".formatted(file));
    }
    return file;
  }
}
