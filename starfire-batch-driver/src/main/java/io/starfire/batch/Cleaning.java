package io.starfire.batch;

import io.starfire.batch.base.Progress;
import io.starfire.batch.input.Storage;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.StarfireClient;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * {@code batch clean}: deletes what dead runs left, and, if asked, the runs that wait to be
 * published. Stateless.
 */
final class Cleaning {
  /** Of the directories of runs: in the work directory, in deep storage, on the local disk. */
  static final String WORK_PREFIX = "run-";

  static final String STAGING_PREFIX = ".staging-run-";
  static final String LOCAL_PREFIX = "starfire-run-";

  private Cleaning() {}

  /**
   * Deletes the directories of dead runs.
   *
   * @return how many
   */
  static int deadRuns(
      String workDirectory,
      String deepStorageRoot,
      Configuration configuration,
      Progress progress) {
    DeadRuns dead = new DeadRuns(configuration, progress);
    return dead.delete(List.of(workDirectory), WORK_PREFIX)
        + dead.delete(List.of(deepStorageRoot), STAGING_PREFIX)
        + dead.delete(List.of("file://" + System.getProperty("java.io.tmpdir")), LOCAL_PREFIX);
  }

  /**
   * Cleans.
   *
   * @param alsoUnpublished whether runs that wait to be published are deleted with their segments
   */
  static void clean(
      StarfireConfig config,
      Map<String, String> hadoopProperties,
      boolean alsoUnpublished,
      Progress progress) {
    Configuration configuration =
        HadoopSettings.of(config, hadoopProperties, System.getProperty("java.io.tmpdir"));
    String root = Storage.root("starfire.deep-storage.root", config, configuration);
    int directories =
        deadRuns(
            Storage.qualified(config.string("starfire.batch.work-dir"), configuration),
            root,
            configuration,
            progress);
    progress.line("%d directories of dead runs deleted".formatted(directories));
    UnpublishedRequests unpublished = new SegmentUpload(root, configuration).unpublished();
    StarfireClient coordinator =
        new StarfireClient(
            config.string("starfire.server.coordinator-url"), "starfire.server.coordinator-url");
    for (String id : unpublished.ids()) {
      if (alsoUnpublished) {
        unpublished
            .find(id)
            .ifPresent(request -> delete(request, unpublished, coordinator, progress));
      } else {
        progress.line(
            "%s waits to be published: 'bin/starfire publish %s' does so, 'bin/starfire batch clean --unpublished' deletes it"
                .formatted(id, id));
      }
    }
  }

  /** Only a coordinator that answers can say that nobody has the segments. */
  private static void delete(
      PublicationRequest request,
      UnpublishedRequests unpublished,
      StarfireClient coordinator,
      Progress progress) {
    try {
      PublicationStatus status = coordinator.publication(request.id());
      unpublished.forget(request.id());
      progress.line(
          "publication %s is registered, and %s; its segments stay"
              .formatted(status.id(), status.state()));
    } catch (StarfireException e) {
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
      unpublished.delete(request);
      progress.line("deleted %s with its segments".formatted(request.id()));
    }
  }
}
