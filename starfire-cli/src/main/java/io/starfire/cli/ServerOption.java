package io.starfire.cli;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.Credentials;
import io.starfire.protocol.StarfireClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The server that a tool speaks to, and who the tool says that it is. */
final class ServerOption {
  /** A query may take that long. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(5);

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8888",
      description = "Address of the Starfire server. Default: ${DEFAULT-VALUE}.")
  private String url;

  @Option(
      names = "--user",
      paramLabel = "NAME",
      description =
          "User at a server that asks who one is. The password is in STARFIRE_PASSWORD, or is asked"
              + " for. Without --user and --token, the file ~/.starfire/credentials says it.")
  private @Nullable String user;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Bearer token, instead of a user. - means STARFIRE_TOKEN.")
  private @Nullable String token;

  StarfireClient client() {
    return new StarfireClient(url, "--server", REQUEST_TIMEOUT, credentials());
  }

  private Credentials credentials() {
    if (user != null && token != null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "--user and --token were both given; give one of them");
    }
    if (token != null) {
      return Credentials.ofToken(token.equals("-") ? fromEnvironment("STARFIRE_TOKEN") : token);
    }
    return user == null
        ? Credentials.ofFile(Credentials.defaultFile(), url)
        : Credentials.ofUser(user, password());
  }

  private static String password() {
    return System.getenv("STARFIRE_PASSWORD") == null
        ? new String(Terminal.secret("Password: ", "set STARFIRE_PASSWORD"))
        : fromEnvironment("STARFIRE_PASSWORD");
  }

  private static String fromEnvironment(String variable) {
    String value = System.getenv(variable);
    if (value == null || value.isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the environment variable %s is not set".formatted(variable));
    }
    return value;
  }
}
