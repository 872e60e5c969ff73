package io.starfire.cli;

import io.starfire.serving.server.StandaloneServer;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a server with all roles until it is stopped. */
@Command(
    name = "server",
    description =
        "Runs the server until it is stopped: coordinator, historical, broker and real-time node.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  @Mixin private ConfigOption config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    StandaloneServer server = StandaloneServer.start(config.load());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "The server answers at http://127.0.0.1:%d; Ctrl-C or SIGTERM ends it.%n", server.port());
    out.flush();
    Daemon.closeAtExit(server);
    return Daemon.runToEnd(server::awaitEnd, server::failure);
  }
}
