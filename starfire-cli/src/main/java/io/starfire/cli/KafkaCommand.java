package io.starfire.cli;

import io.starfire.embedded.EmbeddedKafka;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a Kafka broker until it is stopped. */
@Command(
    name = "kafka",
    description = {
      "Runs a Kafka broker on 127.0.0.1 until it is stopped.",
      "It is one node without replication, for development."
    },
    mixinStandardHelpOptions = true)
final class KafkaCommand implements Callable<Integer> {
  @Option(
      names = "--dir",
      paramLabel = "DIRECTORY",
      description =
          "Directory of the topics. They are kept for the next start. Default: ${DEFAULT-VALUE}.")
  private Path directory = Path.of("var", "kafka");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port for clients. 0 means any free port. Default: ${DEFAULT-VALUE}.")
  private int port = 9092;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    EmbeddedKafka kafka = EmbeddedKafka.builder(directory).port(port).start();
    Daemon.closeAtExit(kafka);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "Kafka answers at %s, with its data in %s; Ctrl-C or SIGTERM ends it.%n",
        kafka.bootstrapServers(), directory);
    out.flush();
    Daemon.runForever();
    return 0;
  }
}
