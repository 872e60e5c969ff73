package io.starfire.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Posts a native query and prints the answer. */
@Command(
    name = "query",
    description = "Sends a query in Druid's native JSON to a server, and prints the answer.",
    mixinStandardHelpOptions = true)
final class QueryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "File with the query. - means standard input.")
  private String file;

  @Mixin private ServerOption server;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      server.client().copy("druid/v2?pretty", JsonFile.read(file, "query"), out);
      out.println();
    } finally {
      // What came of an answer that broke off is shown too.
      out.flush();
    }
    return 0;
  }
}
