package io.starfire.serving.access;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.Json;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The users of a server, in a JSON file that {@code bin/starfire user} writes. Immutable; a change
 * makes another one.
 */
public final class UserFile {
  /** A name travels before a colon in the header of a request. */
  private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}._@+-]{1,128}");

  private final Map<String, User> users;

  /**
   * A user.
   *
   * @param password its bcrypt hash
   * @param roles as {@link Grant#text} writes them
   */
  public record User(String name, String password, List<String> roles) {
    public User {
      if (name == null || !NAME.matcher(name).matches()) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "'%s' is no user name; it has 1 to 128 letters, digits and the signs . _ @ + -"
                .formatted(name));
      }
      if (password == null || !PasswordHash.isHash(password)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "the password of user %s is not a bcrypt hash; set one with 'bin/starfire user add %s'"
                .formatted(name, name));
      }
      roles = roles == null ? List.of() : List.copyOf(roles);
      roles.forEach(Grant::parse);
    }

    Identity identity() {
      return new Identity(name, roles.stream().map(Grant::parse).toList());
    }
  }

  /** What the file holds. */
  private record Content(List<User> users) {}

  private UserFile(Map<String, User> users) {
    this.users = users;
  }

  /** A file without users. */
  public static UserFile empty() {
    return new UserFile(Map.of());
  }

  /**
   * Reads a file.
   *
   * @throws StarfireException with UNAVAILABLE if it cannot be read, INVALID_INPUT if it is no file
   *     of users; it names the file, and shows nothing of its content
   */
  public static UserFile read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the file of users %s cannot be read: %s; 'bin/starfire user add' makes one"
              .formatted(file, IoFailure.reason(e)),
          e);
    }
    try {
      return of(Json.read(text, Content.class, "the file of users"));
    } catch (StarfireException e) {
      String reason =
          e.code() == ErrorCode.CORRUPT ? "it is no JSON with a list 'users'" : e.getMessage();
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the file of users %s is not valid: %s".formatted(file, reason));
    }
  }

  private static UserFile of(@Nullable Content content) {
    if (content == null || content.users() == null) {
      throw new StarfireException(ErrorCode.CORRUPT, "no users");
    }
    Map<String, User> users = new LinkedHashMap<>();
    for (User user : content.users()) {
      if (users.put(user.name(), user) != null) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT, "user %s is there twice".formatted(user.name()));
      }
    }
    return new UserFile(users);
  }

  /** All of them, in the order of the file. */
  public List<User> users() {
    return List.copyOf(users.values());
  }

  public Optional<User> user(String name) {
    return Optional.ofNullable(users.get(name));
  }

  /** With this user, instead of the one of the same name if there is one. */
  public UserFile with(User user) {
    Map<String, User> changed = new LinkedHashMap<>(users);
    changed.put(user.name(), user);
    return new UserFile(changed);
  }

  /** Without the user of this name. */
  public UserFile without(String name) {
    Map<String, User> changed = new LinkedHashMap<>(users);
    changed.remove(name);
    return new UserFile(changed);
  }

  /**
   * Replaces a file at once, so that a server never reads a half of it. Only its owner can read it,
   * where the file system knows owners.
   *
   * @throws StarfireException with UNAVAILABLE if it cannot be written
   */
  public void write(Path file) {
    Path absolute = file.toAbsolutePath();
    Path directory = requireNonNull(absolute.getParent(), "a file lies in a directory");
    try {
      Files.createDirectories(directory);
      Path temporary = Files.createTempFile(directory, absolute.getFileName() + ".", ".new");
      if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rw-------"));
      }
      Files.writeString(temporary, Json.writeIndented(new Content(users())) + "\n");
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.UNAVAILABLE,
          "the file of users %s cannot be written: %s".formatted(file, IoFailure.reason(e)),
          e);
    }
  }
}
