package io.starfire.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.common.DirectoryLock;
import io.starfire.common.DiskFull;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * What a process of a stream is called at the brokers. The name is kept in the state directory, so
 * that a process that takes the place of one that was killed has its name: the brokers then give it
 * the tasks of the dead one at once, and end the transaction that was left open. Under another name
 * it would wait until both have timed out. While this is open, no other process can use the
 * directory for the same stream. Thread-safe.
 */
final class ProcessName implements AutoCloseable {
  private static final String LOCK = "process-lock";
  private static final String FILE = "process-name";
  private static final String TRANSACTIONS = "transactional.id";
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final DirectoryLock lock;
  private final String name;

  private ProcessName(DirectoryLock lock, String name) {
    this.lock = lock;
    this.name = name;
  }

  /**
   * Takes the name that a state directory has.
   *
   * @param patience how long to wait for somebody who is about to stop
   * @throws StarfireException with CONFLICT if another process uses the directory, or if it cannot
   *     be written; with UNAVAILABLE if the disk is full
   */
  static ProcessName take(Path stateDirectory, String applicationId, Duration patience) {
    Path directory = stateDirectory.resolve(applicationId);
    String inUse =
        "another process runs the stream '%s' in the state directory %s; each process of a stream needs a starfire.stream.state-dir of its own"
            .formatted(applicationId, stateDirectory);
    DirectoryLock lock = null;
    try {
      lock = lock(directory, inUse, patience);
      return new ProcessName(lock, nameIn(directory.resolve(FILE)));
    } catch (IOException e) {
      if (lock != null) {
        lock.close();
      }
      if (DiskFull.isCauseOf(e)) {
        throw DiskFull.at("the state of the stream '%s'".formatted(applicationId), directory, e);
      }
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the state directory %s cannot be used: %s; look who may write to it"
              .formatted(directory, e),
          e);
    }
  }

  private static DirectoryLock lock(Path directory, String inUse, Duration patience)
      throws IOException {
    long startNanos = System.nanoTime();
    while (true) {
      try {
        return DirectoryLock.take(directory, LOCK, inUse);
      } catch (StarfireException e) {
        if (System.nanoTime() - startNanos >= patience.toNanos()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static String nameIn(Path file) throws IOException {
    if (Files.exists(file)) {
      try {
        return UUID.fromString(Files.readString(file, UTF_8)).toString();
      } catch (IllegalArgumentException e) {
        // A start that was killed while it wrote: the name was never used.
      }
    }
    String made = UUID.randomUUID().toString();
    Files.writeString(file, made, UTF_8);
    return made;
  }

  /**
   * Under which the consumers are members of the group. A member that comes back gets what it had,
   * without a look at what the topics and the topology are now. So there is another name for each
   * form of what is assigned: then the dead member times out, and all is assigned anew.
   *
   * @param assigned what the tasks are made from
   */
  String member(String assigned) {
    return name + "-" + Integer.toHexString(assigned.hashCode());
  }

  /** The configuration of a thread's producer, with its transactions under this name. */
  Map<String, Object> ofProducer(Map<String, Object> config, String applicationId) {
    Object transactions = config.get(TRANSACTIONS);
    if (transactions == null) {
      return config;
    }
    String id = transactions.toString();
    Map<String, Object> named = new HashMap<>(config);
    named.put(TRANSACTIONS, applicationId + "-" + name + id.substring(id.lastIndexOf('-')));
    return named;
  }

  /** Another process can take the name then. */
  @Override
  public void close() {
    lock.close();
  }
}
