package io.starfire.cli;

import io.starfire.protocol.StarfireClient;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The server that a tool speaks to. */
final class ServerOption {
  /** A query may take that long. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(5);

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8888",
      description = "Address of the Starfire server. Default: ${DEFAULT-VALUE}.")
  private String url;

  StarfireClient client() {
    return new StarfireClient(url, "--server", REQUEST_TIMEOUT);
  }
}
