package io.starfire.serving.role;

import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceFeed;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.FeedStatus;
import io.starfire.protocol.PublicationRequest;
import io.starfire.protocol.PublicationStatus;
import io.starfire.protocol.VersionRequest;
import io.starfire.protocol.VersionResponse;
import java.util.List;

/**
 * What drivers, people and the other roles ask of the coordinator. Real-time nodes also use {@link
 * RealtimeCoordination}, and brokers {@link ViewSource}. Thread-safe. All that is passed has a JSON
 * form; the routes under {@code /starfire/v1} are these methods.
 */
public interface CoordinatorApi {
  /**
   * Registers a data source, or changes it. Registering the same again changes nothing.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if it is not consistent,
   *     CONFLICT if its real-time data forbids the change
   */
  DataSourceRegistration register(DataSourceRegistration registration);

  /** All data sources, ordered by name. */
  List<DataSourceRegistration> dataSources();

  /**
   * The registration of one data source.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND, naming those that exist
   */
  DataSourceRegistration dataSource(String name);

  /**
   * A schema that a data source has or had.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND
   */
  DataSourceSchema schema(String dataSource, String fingerprint);

  /**
   * What is committed of a data source's topic.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND
   */
  FeedStatus feed(String dataSource);

  /**
   * The same, if {@link #feed(String, DataSourceFeed)} would be allowed.
   *
   * @throws io.starfire.common.StarfireException as that does
   */
  FeedStatus feedBefore(String dataSource, DataSourceFeed feed);

  /**
   * Changes to the topic that a stream writes since its {@code --reset}, and withdraws the rows
   * that the stream writes again. Doing the same again changes nothing. Live rows of the old topic
   * must be removed before.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND; with CONFLICT if another stream or
   *     a supervisor feeds the data source
   */
  FeedStatus feed(String dataSource, DataSourceFeed feed);

  /**
   * Hands out the version of a batch run. It is above every earlier version of its data sources.
   */
  VersionResponse nextVersion(VersionRequest request);

  /** Registers a publication as staged. Registering the same one again returns its status. */
  PublicationStatus register(PublicationRequest request);

  /**
   * The state of a publication. If it is active, brokers have been told of the view that shows it.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND if there is no such publication
   */
  PublicationStatus publication(String id);

  /**
   * The publications; the one that was registered last comes first.
   *
   * @param dataSource only those of this data source; null means all
   */
  List<PublicationStatus> publications(String dataSource);

  /**
   * Releases a held publication, and activates it if it is ready. If it is not, the status says
   * why, and it becomes active as soon as it is ready.
   *
   * @param acceptLoss whether it may hold fewer events than what it hides
   * @throws io.starfire.common.StarfireException with NOT_FOUND, or CONFLICT if it was aborted
   */
  PublicationStatus activate(String id, boolean acceptLoss);

  /**
   * Gives up a staged publication; aborting it again is harmless.
   *
   * @throws io.starfire.common.StarfireException with NOT_FOUND, or CONFLICT if it is active
   */
  PublicationStatus abort(String id);

  /**
   * Rolls back an active publication: loads what it hides, and makes that visible again. Doing it
   * again changes nothing. A rollback cannot be undone.
   *
   * @param acceptLoss whether fewer events may be visible afterwards
   * @throws io.starfire.common.StarfireException with NOT_FOUND if there is no such publication;
   *     with CONFLICT if it is not active, if data that would be visible again is gone, or if fewer
   *     events would be visible; with the error of loading, if that fails
   */
  PublicationStatus rollBack(String id, boolean acceptLoss);
}
