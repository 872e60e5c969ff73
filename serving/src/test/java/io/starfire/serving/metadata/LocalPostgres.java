package io.starfire.serving.metadata;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server for tests, from the programs that are on this machine: on the path, or where
 * Debian keeps them. On loopback, with a port of its own and its files in a temporary directory.
 * PostgreSQL refuses root, so that root runs it as another user. Thread-safe.
 */
public final class LocalPostgres implements AutoCloseable {
  static final String USER = "starfire";
  static final String PASSWORD = "secret";

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final Path directory;
  private final Path programs;
  private final int port;
  private Process process;

  private LocalPostgres(Path programs) throws IOException {
    this.programs = programs;
    this.directory = Files.createTempDirectory("starfire-postgres");
    this.port = freePort();
  }

  /** Where the programs are; empty if this machine has none, or root has nobody to run them as. */
  static Optional<Path> programs() {
    List<Path> candidates = new ArrayList<>();
    for (Path version : newestFirst(Path.of("/usr/lib/postgresql"))) {
      candidates.add(version.resolve("bin"));
    }
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      candidates.add(Path.of(entry));
    }
    return candidates.stream()
        .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
        .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
        .filter(bin -> !isRoot() || Files.isExecutable(Path.of("/usr/bin/setpriv")))
        .findFirst();
  }

  /**
   * Where the programs are. A test that needs them is skipped, or fails if a run must have them.
   */
  static Path requirePrograms() {
    Optional<Path> programs = programs();
    if (programs.isEmpty()) {
      String reason =
          "skipped: there is no PostgreSQL on this machine (no initdb on the path or below"
              + " /usr/lib/postgresql); install Debian's package postgresql";
      if ("required".equals(System.getProperty("starfire.postgresql"))) {
        Assertions.fail("not " + reason + ", or run without -Dstarfire.postgresql=required");
      }
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return programs.orElseThrow();
  }

  private static List<Path> newestFirst(Path parent) {
    try (Stream<Path> versions = Files.list(parent)) {
      return versions.sorted(Comparator.reverseOrder()).toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /** Starts a server, which ends when it is closed or when this process does. */
  static LocalPostgres start(Path programs) {
    try {
      LocalPostgres postgres = new LocalPostgres(programs);
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "stop-postgres"));
      postgres.makeFiles();
      postgres.run();
      return postgres;
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("PostgreSQL did not start", e);
    }
  }

  private void makeFiles() throws IOException, InterruptedException {
    Path password = Files.writeString(directory.resolve("password"), PASSWORD);
    if (isRoot()) {
      new ProcessBuilder("chown", "-R", "nobody", directory.toString()).start().waitFor();
    }
    Process initdb =
        command(
                "initdb",
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync")
            .start();
    String said = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (initdb.waitFor() != 0) {
      throw new IllegalStateException("initdb failed: " + said);
    }
  }

  /** Starts the server on its files, as after {@link #stop}. */
  void run() throws IOException {
    process =
        command(
                "postgres",
                "-D",
                data().toString(),
                "-p",
                String.valueOf(port),
                "-k",
                directory.toString(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "fsync=off")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              connect("postgres").close();
              return true;
            });
  }

  private ProcessBuilder command(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(
          List.of("/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).directory(directory.toFile());
  }

  private Path data() {
    return directory.resolve("data");
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), USER, PASSWORD);
  }

  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /** Makes an empty database. */
  public MetadataLocation newDatabase() {
    return create("template1");
  }

  /** Makes a database with what another one of this server has, which nobody may have open. */
  MetadataLocation copyOf(MetadataLocation other) {
    return create(other.url().substring(other.url().lastIndexOf('/') + 1));
  }

  private MetadataLocation create(String template) {
    String name = "test_" + NUMBERS.incrementAndGet();
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("create database %s template %s".formatted(name, template));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new MetadataLocation(url(name), Optional.of(USER), Optional.of(PASSWORD));
  }

  /** Ends the server, and all of its connections with it. */
  void stop() {
    try {
      Process ending =
          command("pg_ctl", "stop", "-D", data().toString(), "-m", "immediate", "-t", "10").start();
      if (!ending.waitFor(10, TimeUnit.SECONDS)
          || (process != null && !process.waitFor(5, TimeUnit.SECONDS))) {
        process.destroyForcibly();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (!Files.exists(directory)) {
      return;
    }
    stop();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
