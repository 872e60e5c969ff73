package io.starfire.cli;

import io.starfire.plan.PipelineJars;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where a pipeline's class is, if it does not ship with Starfire. */
final class JarOption {
  @Option(
      names = "--jar",
      paramLabel = "FILE",
      description = {
        "A jar of your own with the pipeline, without Starfire in it. May be repeated, for the",
        "libraries that it needs."
      })
  private List<Path> jars = new ArrayList<>();

  /** Finds the classes of the jars, and those of Starfire. */
  ClassLoader loader() {
    return PipelineJars.open(jars, Thread.currentThread().getContextClassLoader());
  }
}
