package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.TopicChange;
import io.starfire.protocol.cluster.SupervisorRow;
import io.starfire.segment.SchemaGrowth;
import io.starfire.serving.coordinator.ViewMaker.Change;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.RealtimeOffsetTable;
import io.starfire.serving.role.TopicNow;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The stored supervisors, each with the registration of its data source. Thread-safe. */
public final class Supervisors {
  private final MetadataStore store;
  private final ViewMaker maker;
  private final InstantSource clock;

  Supervisors(MetadataStore store, ViewMaker maker, InstantSource clock) {
    this.store = store;
    this.maker = maker;
    this.clock = clock;
  }

  /** All supervisors, ordered by id. */
  public List<SupervisorRow> all() {
    return store.read(transaction -> transaction.supervisors().all());
  }

  /**
   * The supervisor of a data source.
   *
   * @throws StarfireException with NOT_FOUND
   */
  public SupervisorRow require(String id) {
    return store.read(transaction -> require(transaction, id));
  }

  private static SupervisorRow require(MetadataTransaction transaction, String id) {
    return transaction
        .supervisors()
        .find(id)
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.NOT_FOUND,
                    "there is no supervisor '%s'; there are %s"
                        .formatted(
                            id,
                            transaction.supervisors().all().stream()
                                .map(SupervisorRow::id)
                                .toList())));
  }

  /**
   * Stores a supervisor, replaces the one of the same data source, and registers the data source.
   *
   * @param keepsDiscovered whether the dimensions that were discovered so far are kept
   * @return the new registration
   * @throws StarfireException with CONFLICT if a stream driver feeds the data source, if its
   *     supervisor reads another topic, or if its real-time data forbids the change
   */
  public DataSourceRegistration put(
      SupervisorRow row, DataSourceRegistration registration, boolean keepsDiscovered) {
    return maker.write(
        transaction -> {
          Optional<DataSourceRegistration> existing = transaction.dataSources().find(row.id());
          if (existing.isPresent()) {
            checkReplaceable(transaction, existing.get(), registration);
          }
          DataSourceRegistration inForce =
              keepsDiscovered && existing.isPresent()
                  ? withDimensionsOf(existing.get(), registration)
                  : registration;
          transaction.dataSources().put(inForce, clock.millis());
          transaction.supervisors().put(row);
          transaction.nextViewNumber();
          return Change.of(inForce, Set.of(row.id()));
        });
  }

  private static DataSourceRegistration withDimensionsOf(
      DataSourceRegistration existing, DataSourceRegistration registration) {
    return new DataSourceRegistration(
        SchemaGrowth.withDimensionsOf(registration.schema(), existing.schema()),
        registration.topic());
  }

  private static void checkReplaceable(
      MetadataTransaction transaction,
      DataSourceRegistration existing,
      DataSourceRegistration changed) {
    String name = changed.schema().name();
    boolean supervised = transaction.supervisors().find(name).isPresent();
    if (!supervised && existing.topic() != null) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' is fed by a stream driver from topic '%s'; give the spec another dataSource"
              .formatted(name, existing.topic()));
    }
    DataSources.checkChange(transaction, existing, changed);
    if (supervised) {
      checkOneTopic(existing, changed);
    }
  }

  /**
   * What a supervisor has read of its topic is visible before it is committed, so the store alone
   * cannot say that nothing of it would vanish. A termination hands it off first.
   */
  private static void checkOneTopic(
      DataSourceRegistration existing, DataSourceRegistration changed) {
    if (existing.topic() != null && !existing.topic().equals(changed.topic())) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "supervisor '%s' reads topic '%s', and rows of it that are visible and not handed off yet would vanish if it read topic '%s'; give the spec topic '%s' again, or another dataSource; if nothing was read yet, terminate the supervisor, wait until it is removed, and post the spec again"
              .formatted(
                  changed.schema().name(), existing.topic(), changed.topic(), existing.topic()));
    }
  }

  /**
   * Stores the wanted state of a supervisor.
   *
   * @throws StarfireException with NOT_FOUND
   */
  public SupervisorRow setState(String id, SupervisorRow.State state) {
    return store.write(
        transaction -> {
          SupervisorRow changed = require(transaction, id).withState(state);
          transaction.supervisors().put(changed);
          return changed;
        });
  }

  /** The id of the topic that a data source is read from; empty if none was read yet. */
  public Optional<String> topicRead(String id, String topic) {
    return store.read(transaction -> transaction.topicsRead().id(id, topic));
  }

  /**
   * Goes on with a topic that was created again, from the first offsets that it holds. What was
   * committed from the former topic stays. Done again, it changes nothing.
   *
   * @throws StarfireException with NOT_FOUND; CONFLICT if the supervisor reads another topic
   */
  public TopicChange goOver(String id, TopicNow now) {
    return maker.write(
        transaction -> {
          SupervisorRow unused = require(transaction, id);
          DataSourceRegistration registration = DataSources.require(transaction, id);
          if (!now.topic().equals(registration.topic())) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "supervisor '%s' reads topic '%s', not '%s'"
                    .formatted(id, registration.topic(), now.topic()));
          }
          Optional<String> former = transaction.topicsRead().id(id, now.topic());
          Map<Integer, Long> offsets = transaction.realtimeOffsets().offsets(id, now.topic());
          if (former.isEmpty() || former.get().equals(now.id())) {
            return Change.none(
                new TopicChange(id, now.topic(), former.orElse(null), offsets, null, Map.of()));
          }
          transaction.topicsRead().put(id, now.topic(), now.id());
          transaction.realtimeOffsets().removeAll(id);
          now.firstOffsets()
              .forEach(
                  (partition, offset) ->
                      transaction
                          .realtimeOffsets()
                          .put(new RealtimeOffsetTable.Row(id, now.topic(), partition, offset)));
          transaction.nextViewNumber();
          return Change.of(
              new TopicChange(id, now.topic(), now.id(), now.firstOffsets(), former.get(), offsets),
              Set.of(id));
        });
  }

  /**
   * Removes a supervisor. Its data source stays, without a topic. If nothing was committed, the
   * next supervisor may read any topic.
   */
  public void remove(String id) {
    var unused =
        maker.write(
            transaction -> {
              transaction.supervisors().remove(id);
              if (DataSources.topics(transaction, id).isEmpty()) {
                transaction.topicsRead().removeAll(id);
              }
              transaction
                  .dataSources()
                  .find(id)
                  .ifPresent(
                      found ->
                          transaction
                              .dataSources()
                              .put(
                                  new DataSourceRegistration(found.schema(), null),
                                  clock.millis()));
              transaction.nextViewNumber();
              return Change.of(id, Set.of(id));
            });
  }
}
