package io.starfire.serving.access;

import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of users, read again when it has changed. While a changed file is not valid, those of
 * before are the users, and the log says why. Thread-safe.
 */
final class WatchedUsers {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedUsers.class);

  private final Path file;
  private UserFile users;
  private @Nullable State state;

  /** What tells one content of a file from the next. */
  private record State(FileTime modified, long bytes, @Nullable Object key) {}

  WatchedUsers(Path file) {
    this.file = file;
    this.state = look();
    this.users = UserFile.read(file);
  }

  synchronized UserFile current() {
    State now = look();
    if (now != null && !now.equals(state)) {
      state = now;
      try {
        users = UserFile.read(file);
        LOG.info("the file of users {} was read again", file);
      } catch (StarfireException e) {
        LOG.error("{}; the users stay as they were", e.getMessage());
      }
    }
    return users;
  }

  private @Nullable State look() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    } catch (IOException e) {
      return null;
    }
  }
}
