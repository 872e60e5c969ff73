package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.DataSourceFeed;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.protocol.FeedStatus;
import io.starfire.serving.coordinator.ViewMaker.Change;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.metadata.SegmentTable.Totals;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Goes over from one topic of a data source to the next, when its stream was begun anew. What the
 * new topic holds again is withdrawn in the transaction that names the new topic, so that each view
 * shows the rows of one of them. Thread-safe.
 */
final class DataSourceFeeds {
  private static final Totals NOTHING = new Totals(0, 0);

  private final MetadataStore store;
  private final ViewMaker maker;
  private final InstantSource clock;

  /** What switches have done whose callers were told that the outcome is unknown. */
  private final Map<String, FeedStatus> unheard = new ConcurrentHashMap<>();

  DataSourceFeeds(MetadataStore store, ViewMaker maker, InstantSource clock) {
    this.store = store;
    this.maker = maker;
    this.clock = clock;
  }

  FeedStatus status(String dataSource) {
    return store.read(
        transaction -> status(transaction, DataSources.require(transaction, dataSource), NOTHING));
  }

  /**
   * Goes over to the last topic of the list. Done again, it changes nothing; after an unknown
   * outcome the answer is then that of the first time.
   *
   * @throws StarfireException with NOT_FOUND; with CONFLICT if the data source is read from a topic
   *     that is not in the list, or by a supervisor
   */
  FeedStatus goOver(String dataSource, DataSourceFeed feed) {
    AtomicReference<FeedStatus> switched = new AtomicReference<>();
    try {
      FeedStatus status =
          maker.write(
              transaction -> {
                DataSourceRegistration present = DataSources.require(transaction, dataSource);
                if (feed.topic().equals(present.topic())) {
                  return Change.none(
                      status(transaction, present, withdrawnUnheard(dataSource, feed)));
                }
                check(transaction, present, feed);
                FeedStatus gone = goOver(transaction, present, feed);
                switched.set(gone);
                return Change.of(gone, Set.of(dataSource));
              });
      unheard.remove(dataSource);
      return status;
    } catch (StarfireException e) {
      if (e.code() == ErrorCode.UNKNOWN_OUTCOME && switched.get() != null) {
        unheard.put(dataSource, switched.get());
      }
      throw e;
    }
  }

  private FeedStatus goOver(
      MetadataTransaction transaction, DataSourceRegistration present, DataSourceFeed feed) {
    String dataSource = present.schema().name();
    Totals withdrawn = NOTHING;
    if (feed.withdrawsAfter(feed.indexOf(present.topic()))) {
      withdrawn = transaction.segments().withdrawRealtime(dataSource, clock.millis());
    }
    transaction.realtimeOffsets().removeAll(dataSource);
    transaction.topicsRead().removeAll(dataSource);
    transaction.dataSources().putTopic(dataSource, feed.topic());
    long unused = transaction.nextViewNumber();
    return status(
        transaction, new DataSourceRegistration(present.schema(), feed.topic()), withdrawn);
  }

  private Totals withdrawnUnheard(String dataSource, DataSourceFeed feed) {
    FeedStatus status = unheard.get(dataSource);
    return status != null && feed.topic().equals(status.topic())
        ? new Totals(status.withdrawnSegments(), status.withdrawnEvents())
        : NOTHING;
  }

  /**
   * The status before a switch. Refuses what {@link #goOver} would refuse, so that a caller knows
   * before it ends the reading of the old topic. Changes nothing.
   */
  FeedStatus statusBefore(String dataSource, DataSourceFeed feed) {
    return store.read(
        transaction -> {
          DataSourceRegistration present = DataSources.require(transaction, dataSource);
          if (!feed.topic().equals(present.topic())) {
            check(transaction, present, feed);
          }
          return status(transaction, present, NOTHING);
        });
  }

  private static void check(
      MetadataTransaction transaction, DataSourceRegistration present, DataSourceFeed feed) {
    String name = present.schema().name();
    if (transaction.supervisors().find(name).isPresent()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' is loaded by a supervisor; terminate it first".formatted(name));
    }
    if (present.topic() == null
        ? !DataSources.topics(transaction, name).isEmpty()
        : feed.indexOf(present.topic()) < 0) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' is read from topic '%s', which the stream that writes topic '%s' never wrote; stop the other stream, or write another data source"
              .formatted(name, present.topic(), feed.topic()));
    }
  }

  private static FeedStatus status(
      MetadataTransaction transaction, DataSourceRegistration registration, Totals withdrawn) {
    String name = registration.schema().name();
    String topic = registration.topic();
    Totals totals = transaction.segments().realtimeTotals(name);
    return new FeedStatus(
        name,
        topic,
        topic == null ? null : transaction.topicsRead().id(name, topic).orElse(null),
        topic == null ? Map.of() : transaction.realtimeOffsets().offsets(name, topic),
        totals.segments(),
        totals.events(),
        withdrawn.segments(),
        withdrawn.events());
  }
}
