package io.starfire.cli;

import io.starfire.batch.index.IndexMain;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import picocli.CommandLine.Command;

/** Loads files of rows by an ingestion spec, without a pipeline. */
@Command(
    name = "index",
    description = "Loads files of rows as a Druid ingestion spec says, and publishes the result.")
final class IndexCommand extends OwnCommandLine {
  @Override
  int run(List<String> all, PrintStream out, PrintStream err) {
    return IndexMain.runUntilSignal(all, out, err, InstantSource.system());
  }
}
