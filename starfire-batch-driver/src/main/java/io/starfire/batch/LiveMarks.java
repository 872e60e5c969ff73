package io.starfire.batch;

import io.starfire.batch.input.Storage;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;

/**
 * Tells which of the {@link UnpublishedRequests} a process is at work on: a run that moves its
 * segments or waits for the coordinator, or {@code publish}. Beside the request lies a mark of each
 * such process, which a {@link Heartbeat} keeps young. A process that is killed leaves a mark that
 * grows old, see {@link DeadRuns#DEAD_AFTER}. Thread-safe.
 */
final class LiveMarks {
  private static final String SUFFIX = ".alive";

  private final String directory;
  private final Configuration configuration;

  /**
   * @param root of deep storage
   */
  LiveMarks(String root, Configuration configuration) {
    this.directory = root + "/" + UnpublishedRequests.DIRECTORY;
    this.configuration = configuration;
  }

  /** Marks a publication as being worked on, until closed. */
  Heartbeat begin(String id) {
    String mark = "%s/%s.%s%s".formatted(directory, id, UUID.randomUUID(), SUFFIX);
    return Heartbeat.ofMark(mark, configuration);
  }

  /**
   * Whether a process is at work on a publication.
   *
   * @throws StarfireException with UNAVAILABLE if that cannot be known now
   */
  boolean isAlive(String id) {
    Storage storage = Storage.of(directory, configuration);
    try {
      List<FileStatus> marks =
          storage.list(directory).stream()
              .filter(file -> isMarkOf(id, file.getPath().getName()))
              .toList();
      if (marks.isEmpty()) {
        return false;
      }
      long nowMillis = DeadRuns.now(storage, directory);
      return marks.stream().anyMatch(mark -> !isDead(mark, nowMillis));
    } catch (IOException e) {
      throw Storage.failed("looked at", directory, e);
    }
  }

  /** Deletes the marks of processes that died. */
  void deleteDead() {
    Storage storage = Storage.of(directory, configuration);
    try {
      List<FileStatus> marks =
          storage.list(directory).stream()
              .filter(file -> file.getPath().getName().endsWith(SUFFIX))
              .toList();
      if (marks.isEmpty()) {
        return;
      }
      long nowMillis = DeadRuns.now(storage, directory);
      for (FileStatus mark : marks) {
        if (isDead(mark, nowMillis)) {
          storage.delete(mark.getPath().toString());
        }
      }
    } catch (IOException e) {
      throw Storage.failed("looked at", directory, e);
    }
  }

  /** The id may have dots in it; what follows it in a mark's name has one. */
  private static boolean isMarkOf(String id, String name) {
    return name.endsWith(SUFFIX)
        && name.startsWith(id + ".")
        && name.indexOf('.', id.length() + 1) == name.length() - SUFFIX.length();
  }

  private static boolean isDead(FileStatus mark, long nowMillis) {
    return nowMillis - mark.getModificationTime() > DeadRuns.DEAD_AFTER.toMillis();
  }
}
