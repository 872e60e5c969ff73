package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Posts a native query and prints the answer. */
@Command(
    name = "query",
    description = "Posts a native JSON query to a server and prints the answer.",
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  @Parameters(paramLabel = "FILE", description = "File with the query; - for standard input.")
  private String file;

  @Mixin private ServerOption server;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    server.caller().copy("druid/v2?pretty", read(), out);
    out.println();
    out.flush();
    return 0;
  }

  private byte[] read() {
    try {
      return file.equals(STANDARD_INPUT)
          ? System.in.readAllBytes()
          : Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "there is no query file '%s'; check the path, or give - for standard input"
              .formatted(file),
          e);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "the query file '%s' cannot be read (%s); check its permissions".formatted(file, e),
          e);
    }
  }
}
