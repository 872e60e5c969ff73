package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.access.PasswordHash;
import io.starfire.serving.access.UserFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The users of a server, in the file that {@code starfire.server.access.users} names. */
@Command(
    name = "user",
    description =
        "Adds, lists and removes the users of a server, in a file. The server is told of the file"
            + " by starfire.server.access.users, and reads it again when it changes.",
    mixinStandardHelpOptions = true)
final class UserCommand implements Runnable {
  @Option(
      names = "--file",
      paramLabel = "FILE",
      defaultValue = "conf/users.json",
      scope = ScopeType.INHERIT,
      description = "The file of users. Default: ${DEFAULT-VALUE}.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "Name what to do: add, list or remove.");
  }

  @Command(
      description = {
        "Adds a user, or gives a known one another password and other roles. Asks for the"
            + " password,",
        "or takes the first line of standard input, with --stdin."
      },
      mixinStandardHelpOptions = true)
  int add(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--roles",
              split = ",",
              required = true,
              paramLabel = "ROLE",
              description =
                  "read, write or admin, each with those before it; read:NAME and write:NAME for"
                      + " one data source. With commas between them.")
          List<String> roles,
      @Option(names = "--stdin", description = "The password is a line of standard input.")
          boolean stdin) {
    UserFile before = Files.exists(file) ? UserFile.read(file) : UserFile.empty();
    char[] password = stdin ? firstLine() : typedTwice();
    try {
      before.with(new UserFile.User(name, PasswordHash.of(password), roles)).write(file);
    } finally {
      Arrays.fill(password, ' ');
    }
    out()
        .printf(
            Locale.ROOT,
            "User %s has %s, in %s.%n",
            name,
            String.join(", ", roles),
            file.toAbsolutePath().normalize());
    return 0;
  }

  @Command(description = "Lists the users with their roles.", mixinStandardHelpOptions = true)
  int list() {
    List<UserFile.User> users = UserFile.read(file).users();
    if (users.isEmpty()) {
      out().println("There are no users.");
    }
    for (UserFile.User user : users) {
      out().printf(Locale.ROOT, "%s  %s%n", user.name(), String.join(", ", user.roles()));
    }
    return 0;
  }

  @Command(description = "Removes a user.", mixinStandardHelpOptions = true)
  int remove(@Parameters(paramLabel = "NAME") String name) {
    UserFile before = UserFile.read(file);
    if (before.user(name).isEmpty()) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "there is no user %s in %s; 'bin/starfire user list' shows those that there are"
              .formatted(name, file));
    }
    before.without(name).write(file);
    out().printf(Locale.ROOT, "User %s is removed.%n", name);
    return 0;
  }

  private static char[] typedTwice() {
    String instead = "give the password as the first line of standard input, with --stdin";
    char[] first = Terminal.secret("Password: ", instead);
    if (!Arrays.equals(first, Terminal.secret("The same again: ", instead))) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the two passwords differ; nothing was changed");
    }
    return first;
  }

  private static char[] firstLine() {
    try {
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line = lines.readLine();
      return line == null ? new char[0] : line.toCharArray();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the password cannot be read from standard input", e);
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
