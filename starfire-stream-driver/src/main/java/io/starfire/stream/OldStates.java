package io.starfire.stream;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of generations of a stream that are over, in the state directory: nobody reads it
 * again, since each generation has an application id of its own. Stateless.
 */
final class OldStates {
  private static final Logger LOG = LoggerFactory.getLogger(OldStates.class);

  private OldStates() {}

  /**
   * Deletes the state of all generations before the present one, except where a process still runs
   * one. A start does not fail because something cannot be deleted; the log says it.
   */
  static void delete(Path stateDirectory, String baseId, int present) {
    for (String id : applications(stateDirectory)) {
      int generation = ApplicationId.generation(baseId, id);
      if (generation == 0 || generation >= present) {
        continue;
      }
      try (ProcessName unused = ProcessName.take(stateDirectory, id, Duration.ZERO)) {
        RocksCheckpoints.delete(stateDirectory.resolve(id));
        LOG.info("the state of '{}', which is over, is deleted in {}", id, stateDirectory);
      } catch (StarfireException | IOException e) {
        LOG.info("the state of '{}' is not deleted yet: {}", id, e.getMessage());
      }
    }
  }

  private static List<String> applications(Path stateDirectory) {
    try (Stream<Path> entries = Files.list(stateDirectory)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> String.valueOf(entry.getFileName()))
          .toList();
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "the state directory %s cannot be read: %s; look who may read it"
              .formatted(stateDirectory, e),
          e);
    }
  }
}
