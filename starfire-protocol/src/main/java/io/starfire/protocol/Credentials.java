package io.starfire.protocol;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * How a client says who it is. Immutable. {@link #ofFile} finds what the user keeps for a server:
 *
 * <pre>{@code
 * {"servers": [
 *   {"url": "https://starfire.example.com:8888", "user": "ann", "password": "..."},
 *   {"url": "http://127.0.0.1:8888", "token": "..."}
 * ]}
 * }</pre>
 */
public final class Credentials {
  /** Says nothing. */
  public static final Credentials NONE = new Credentials("");

  private final String header;

  private Credentials(String header) {
    this.header = header;
  }

  /** A user and a password. */
  public static Credentials ofUser(String user, String password) {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return new Credentials("Basic " + Base64.getEncoder().encodeToString(both));
  }

  /** A bearer token. */
  public static Credentials ofToken(String token) {
    requireNonNull(token, "token");
    if (token.isBlank() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the token has signs that no token has, such as blanks; give it without quotes and line"
              + " ends");
    }
    return new Credentials("Bearer " + token);
  }

  /** The file in which a user keeps credentials: STARFIRE_CREDENTIALS, or one in the home. */
  public static Path defaultFile() {
    String set = System.getenv("STARFIRE_CREDENTIALS");
    return set == null || set.isEmpty()
        ? Path.of(System.getProperty("user.home"), ".starfire", "credentials")
        : Path.of(set);
  }

  /**
   * What a file holds for a server; nothing if there is no such file, or the server is not in it.
   *
   * @param url of the server
   * @throws StarfireException with INVALID_INPUT if the file is not valid; it shows nothing of it
   */
  public static Credentials ofFile(Path file, String url) {
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      Content content = Json.read(Files.readString(file), Content.class, "the file");
      return content.of(url).map(Entry::credentials).orElse(NONE);
    } catch (IOException e) {
      throw invalid(file, IoFailure.reason(e));
    } catch (StarfireException e) {
      throw invalid(
          file,
          e.code() == ErrorCode.CORRUPT ? "it is no JSON with a list 'servers'" : e.getMessage());
    }
  }

  private static StarfireException invalid(Path file, String reason) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the file of credentials %s cannot be used: %s".formatted(file, reason));
  }

  /** What the file holds. */
  record Content(List<Entry> servers) {
    Content {
      if (servers == null) {
        throw new StarfireException(ErrorCode.CORRUPT, "no servers");
      }
    }

    Optional<Entry> of(String url) {
      String wanted = withoutSlash(url);
      return servers.stream().filter(entry -> withoutSlash(entry.url()).equals(wanted)).findFirst();
    }

    private static String withoutSlash(String url) {
      return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }
  }

  /** How to say to one server who one is: by user and password, or by a token. */
  record Entry(String url, String user, String password, String token) {
    Entry {
      boolean isUser = user != null && password != null;
      if (url == null || isUser == (token != null)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "each of 'servers' has a url, and either user and password or a token; %s has not"
                .formatted(url == null ? "one" : url));
      }
    }

    Credentials credentials() {
      return token == null ? ofUser(user, password) : ofToken(token);
    }
  }

  /** The header {@code Authorization}; empty if there is none to send. */
  String header() {
    return header;
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return header.isEmpty() ? "no credentials" : header.substring(0, header.indexOf(' '));
  }
}
