package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.base.Uninterrupted;
import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.PublicationStatus.State;
import io.starfire.protocol.StarfireClient;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code publish ID}: publishes the segments of a run that could not publish them itself, and puts
 * its files for other programs into their places once they are active. Doing it again changes
 * nothing. Stateless.
 */
public final class PublishRun {
  private PublishRun() {}

  /**
   * Publishes the segments, and waits as the run would have done.
   *
   * @param id of the publication, as the run has named it
   * @return whether it is active, or staged because the run was to hold it
   * @throws StarfireException with NOT_FOUND if neither a run nor the coordinator knows it; with
   *     the coordinator's error if it refuses
   */
  public static boolean run(
      String id, StarfireConfig config, Progress progress, InstantSource clock) {
    HadoopLog.quieten();
    Configuration configuration =
        HadoopSettings.of(config, Map.of(), System.getProperty("java.io.tmpdir"));
    UnpublishedRequests unpublished =
        new SegmentUpload(
                Storage.root("starfire.deep-storage.root", config, configuration),
                configuration,
                progress)
            .unpublished();
    StarfireClient coordinator =
        new StarfireClient(
            config.string("starfire.server.coordinator-url"), "starfire.server.coordinator-url");
    FileSets files = new FileSets(config, configuration, progress);
    try (Heartbeat alive = unpublished.workOn(id)) {
      boolean isAsWanted = publish(id, config, unpublished, coordinator, progress, clock);
      if (isAsWanted) {
        turn(id, files, coordinator, progress);
      }
      return isAsWanted;
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.NOT_PUBLISHABLE) {
        Uninterrupted.run(() -> files.discard(id));
      }
      throw e;
    }
  }

  /** The files of a run show what its data sources show, and not before. */
  private static void turn(
      String id, FileSets files, StarfireClient coordinator, Progress progress) {
    List<WrittenFiles> waiting = files.waitingFiles(id);
    if (waiting.isEmpty()) {
      return;
    }
    if (coordinator.publication(id).state() == State.ACTIVE) {
      waiting = files.turn(id);
    }
    waiting.forEach(each -> progress.line(each.line()));
  }

  private static boolean publish(
      String id,
      StarfireConfig config,
      UnpublishedRequests unpublished,
      StarfireClient coordinator,
      Progress progress,
      InstantSource clock) {
    Optional<PublicationRequest> kept = unpublished.find(id);
    if (kept.isEmpty()) {
      return isPublished(id, coordinator, unpublished, progress);
    }
    Published published =
        new Publisher(
                coordinator,
                unpublished,
                config.duration("starfire.batch.activation-timeout"),
                clock,
                progress)
            .publish(kept.get());
    published.lines().forEach(progress::line);
    return published.isAsWanted(kept.get().hold());
  }

  private static boolean isPublished(
      String id, StarfireClient coordinator, UnpublishedRequests unpublished, Progress progress) {
    try {
      PublicationStatus status = coordinator.publication(id);
      progress.line(
          "publication %s is registered already, and %s%s"
              .formatted(
                  id, status.state(), status.reason().isEmpty() ? "" : ": " + status.reason()));
      return status.state() == State.ACTIVE || (status.state() == State.STAGED && status.held());
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      String waiting = String.join(", ", unpublished.ids());
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "no run '%s' waits to be published, and the coordinator has no such publication; %s"
              .formatted(id, waiting.isEmpty() ? "none waits" : "there wait: " + waiting),
          e);
    }
  }
}
