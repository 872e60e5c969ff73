package io.starfire.cli;

import picocli.CommandLine.Option;

/** The server that a tool speaks to. */
final class ServerOption {
  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8888",
      description = "Address of the Starfire server. Default: ${DEFAULT-VALUE}")
  private String url;

  HttpCaller caller() {
    return new HttpCaller(url);
  }
}
