package io.starfire.cli;

import io.starfire.config.StarfireConfig;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The configuration that a command runs with. */
final class ConfigOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration file (HOCON). Default: none; all keys have their defaults.")
  private Path file;

  @Option(
      names = "-D",
      paramLabel = "KEY=VALUE",
      description = "Sets a configuration key. Wins over the file. May be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  StarfireConfig load() {
    return file == null ? StarfireConfig.fromMap(overrides) : StarfireConfig.load(file, overrides);
  }

  Path file() {
    return file;
  }

  Map<String, String> overrides() {
    return overrides;
  }
}
