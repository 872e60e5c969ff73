package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.jobs.ads.AdEvents;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The README's exit codes, for every command there is: 0 done, 2 usage, 3 it could not run. What
 * runs and gives 1 is in {@link PublicationCommandTest} and {@link BadInputTest}.
 */
class ExitCodeTest {
  private static final int USAGE = 2;
  private static final int COULD_NOT_RUN = 3;
  private static final String ADS = AdEvents.class.getName();
  private static final String NOBODY = "http://127.0.0.1:1";

  @TempDir Path directory;
  private ServerSocket busy;

  @BeforeEach
  void takeAPort() throws IOException {
    busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void freeIt() throws IOException {
    busy.close();
  }

  /** Every command that does something, as it is written. */
  private static List<String> commands() {
    List<String> names = new ArrayList<>();
    collect(Main.commandLine(new Main(), ""), "", names);
    return names;
  }

  private static void collect(CommandLine command, String path, List<String> names) {
    if (command.getSubcommands().isEmpty() || command.getCommand() instanceof Callable) {
      names.add(path.strip());
    }
    command.getSubcommands().forEach((name, below) -> collect(below, path + " " + name, names));
  }

  private static Said said(String command, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of(command.split(" ")));
    all.addAll(arguments);
    return Said.by(all.toArray(String[]::new));
  }

  /** What each command cannot do: there is no such file, nobody listens, or the port is taken. */
  private Map<String, List<String>> impossible() throws IOException {
    String none = directory.resolve("none").toString();
    String port = Integer.toString(busy.getLocalPort());
    String json = Files.writeString(directory.resolve("a.json"), "{}").toString();
    List<String> ofServer = List.of("ID", "--server", NOBODY);
    Map<String, List<String>> all = new TreeMap<>();
    all.put("demo", List.of("--dir", directory.resolve("demo").toString(), "--port", port));
    all.put("kafka", List.of("--dir", directory.resolve("kafka").toString(), "--port", port));
    all.put("server", List.of("--config", none));
    all.put("stream", List.of(ADS, "--config", none));
    all.put("archive", List.of(ADS, "--config", none));
    all.put("archive prune", List.of("--before", "2026-01-01T00:00Z", "--config", none));
    all.put("replay", List.of(json, "--source", "impressions", "--config", none));
    all.put("batch", List.of(ADS, "--interval", "2026-01-20T10/PT1H", "--config", none));
    all.put("index", List.of(json, "--spec", json, "--config", none));
    all.put("publish", List.of("ID", "--config", none));
    all.put("explain", List.of(ADS, "--driver", "stream", "--config", none));
    all.put("query", List.of(json, "--server", NOBODY));
    for (String name : List.of("show", "preview", "activate", "abort", "rollback")) {
      all.put("publication " + name, ofServer);
    }
    all.put("publication list", List.of("--server", NOBODY));
    for (String name : List.of("status", "suspend", "resume", "terminate", "new-topic")) {
      all.put("supervisor " + name, ofServer);
    }
    all.put("supervisor list", List.of("--server", NOBODY));
    all.put("supervisor post", List.of(json, "--server", NOBODY));
    // A directory is no file of users.
    String users = directory.toString();
    all.put("user add", List.of("ann", "--roles", "read", "--file", users));
    all.put("user list", List.of("--file", users));
    all.put("user remove", List.of("ann", "--file", users));
    for (String name : commands()) {
      if (name.startsWith("segment ")) {
        all.put(name, List.of(none));
      }
    }
    return all;
  }

  @Test
  void everyCommandIsWalkedThrough() throws IOException {
    assertThat(impossible().keySet()).containsExactlyInAnyOrderElementsOf(commands());
  }

  @Test
  void helpIsNoErrorAndNamesTheCommand() {
    for (String command : commands()) {
      Said help = said(command, List.of("--help"));
      assertThat(help.exitCode()).as(command).isZero();
      assertThat(help.out()).as(command).contains("starfire " + command);
    }
  }

  @Test
  void anUnknownOptionIsUsage() {
    for (String command : commands()) {
      Said refused = said(command, List.of("--no-such-option"));
      assertThat(refused.exitCode()).as(command + ": " + refused.err()).isEqualTo(USAGE);
      assertThat(refused.err().lines()).as(command).hasSize(1);
    }
  }

  @Test
  void whatCannotRunSaysSoInOneLineAndEndsWithThree() throws IOException {
    impossible()
        .forEach(
            (command, arguments) -> {
              Said refused = said(command, arguments);
              assertThat(refused.exitCode())
                  .as(command + ": " + refused.err())
                  .isEqualTo(COULD_NOT_RUN);
              assertThat(refused.err().lines()).as(command).hasSize(1);
            });
  }
}
