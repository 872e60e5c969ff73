package io.starfire.cli;

import io.starfire.batch.index.IndexMain;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

/** Indexes files of rows by an ingestion spec, without a pipeline. */
@Command(
    name = "index",
    description = "Loads files of rows as a Druid ingestion spec says, and publishes the result.")
final class IndexCommand implements Callable<Integer> {
  @ParentCommand private Main main;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    List<String> all = new ArrayList<>(arguments);
    if (main.verbose()) {
      all.add("--verbose");
    }
    return IndexMain.runUntilSignal(
        all, stream(System.out), stream(System.err), InstantSource.system());
  }

  private static PrintStream stream(OutputStream target) {
    return new PrintStream(target, true, StandardCharsets.UTF_8);
  }
}
