package io.starfire.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.BackgroundLoop;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the coordinator which data sources the stream writes, and to which topics. After a reset it
 * has the coordinator go over to the new topics, and withdraw the rows of the old ones if they are
 * made again. All of it may be done again. Thread-safe.
 */
final class DataSourceRegistrar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataSourceRegistrar.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(5);

  /** What a server says that has trouble; anything else is a refusal, which is the same again. */
  private static final Set<ErrorCode> PASSING =
      EnumSet.of(
          ErrorCode.UNAVAILABLE,
          ErrorCode.TIMEOUT,
          ErrorCode.CAPACITY_EXCEEDED,
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.INTERNAL);

  private final FeedClient client;
  private final StreamSettings.Registration mode;
  private volatile boolean pending;
  private BackgroundLoop retrying;

  DataSourceRegistrar(StreamSettings settings) {
    this.client = new FeedClient(settings.coordinatorUrl());
    this.mode = settings.register();
  }

  /**
   * A data source to register.
   *
   * @param feeds the topics of its rows, the present one last
   * @param topicId of the present one
   */
  record Wanted(DataSourceSchema schema, List<JournalEntry.Feed> feeds, String topicId) {
    String topic() {
      return feeds.get(feeds.size() - 1).topic();
    }

    JournalEntry.Registered entry() {
      return new JournalEntry.Registered(
          schema.name(), topic(), DataRowCodec.of(schema).fingerprintHex());
    }
  }

  /**
   * What the coordinator has loaded of a data source from its topics.
   *
   * @param topic null if it was never asked, or knows nothing
   * @param topicId null if nothing was committed
   */
  record Loaded(String topic, String topicId, long events, long segments) {
    static final Loaded UNKNOWN = new Loaded(null, null, 0, 0);

    /** Whether what was loaded came from another topic than that of this name and id. */
    boolean isOfAnother(String name, String id) {
      return name.equals(topic) && topicId != null && !topicId.equals(id);
    }

    String describe() {
      return topic == null
          ? ""
          : " (%d events in %d segments, and what is not handed off yet)"
              .formatted(events, segments);
    }
  }

  /**
   * What has been loaded.
   *
   * @throws StarfireException with UNAVAILABLE if the coordinator does not answer, and registration
   *     is required
   */
  Loaded loaded(String dataSource) {
    if (mode == StreamSettings.Registration.OFF) {
      return Loaded.UNKNOWN;
    }
    try {
      return client.feed(dataSource).map(DataSourceRegistrar::loaded).orElse(Loaded.UNKNOWN);
    } catch (StarfireException e) {
      if (PASSING.contains(e.code()) && mode == StreamSettings.Registration.RETRIED) {
        LOG.warn("{}", e.getMessage());
        return Loaded.UNKNOWN;
      }
      throw e;
    }
  }

  private static Loaded loaded(JsonNode feed) {
    return new Loaded(
        feed.path("topic").asText(null),
        feed.path("topicId").asText(null),
        feed.path("events").asLong(),
        feed.path("segments").asLong());
  }

  /**
   * Registers as the settings say.
   *
   * @param known what the coordinator has taken before, by data source: if that is the same, a
   *     coordinator that does not answer is waited for while the stream runs
   * @param taken told of each data source that was registered
   * @param refused told if the coordinator refuses a data source while the stream runs
   * @throws StarfireException with UNAVAILABLE if the coordinator does not answer; with CONFLICT if
   *     it refuses
   */
  void register(
      List<Wanted> all,
      Map<String, JournalEntry.Registered> known,
      Consumer<JournalEntry.Registered> taken,
      Consumer<StarfireException> refused) {
    if (mode == StreamSettings.Registration.OFF) {
      LOG.debug("data sources are not registered: starfire.stream.register is off");
      return;
    }
    try {
      all.forEach(wanted -> register(wanted, known, taken));
    } catch (StarfireException e) {
      boolean isKnown =
          all.stream().allMatch(wanted -> wanted.entry().equals(known.get(wanted.schema().name())));
      if (!PASSING.contains(e.code())
          || (mode == StreamSettings.Registration.REQUIRED && !isKnown)) {
        throw e;
      }
      LOG.warn("{}; the stream starts, and it is tried again", e.getMessage());
      keepTrying(all, known, taken, refused);
    }
  }

  private synchronized void keepTrying(
      List<Wanted> all,
      Map<String, JournalEntry.Registered> known,
      Consumer<JournalEntry.Registered> taken,
      Consumer<StarfireException> refused) {
    pending = true;
    retrying =
        BackgroundLoop.named("starfire-register", () -> tryAgain(all, known, taken))
            .every(FIRST_RETRY)
            .retryAfter(FIRST_RETRY, LAST_RETRY)
            .fatalIf(e -> !(e instanceof StarfireException said && PASSING.contains(said.code())))
            .onFailed(cause -> refused.accept(refusal(cause)))
            .build();
    retrying.start();
  }

  private void tryAgain(
      List<Wanted> all,
      Map<String, JournalEntry.Registered> known,
      Consumer<JournalEntry.Registered> taken) {
    all.forEach(wanted -> register(wanted, known, taken));
    pending = false;
    LOG.info("the data sources are registered");
    close();
  }

  private static StarfireException refusal(Throwable cause) {
    return cause instanceof StarfireException said
        ? said
        : new StarfireException(
            ErrorCode.INTERNAL, "data sources could not be registered: " + cause, cause);
  }

  /** Whether the coordinator has yet to answer. */
  boolean isPending() {
    return pending;
  }

  private void register(
      Wanted wanted,
      Map<String, JournalEntry.Registered> known,
      Consumer<JournalEntry.Registered> taken) {
    String name = wanted.schema().name();
    if (wanted.feeds().size() > 1) {
      Optional<JsonNode> switched = client.feed(name, wanted.feeds());
      switched.ifPresent(
          now -> {
            if (now.path("withdrawnSegments").asLong() > 0) {
              LOG.warn(
                  "data source '{}' is read from topic '{}' now; {} events in {} segments were"
                      + " withdrawn, which the stream makes again",
                  name,
                  wanted.topic(),
                  now.path("withdrawnEvents").asLong(),
                  now.path("withdrawnSegments").asLong());
            }
          });
    }
    Loaded loaded = client.feed(name).map(DataSourceRegistrar::loaded).orElse(Loaded.UNKNOWN);
    if (loaded.isOfAnother(wanted.topic(), wanted.topicId())) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data loss: topic '%s' was deleted and created again: data source '%s' was loaded from the topic with id %s, and the one there now has id %s; begin the stream anew with --reset"
              .formatted(wanted.topic(), name, loaded.topicId(), wanted.topicId()));
    }
    client.register(wanted.schema(), wanted.topic());
    if (!wanted.entry().equals(known.get(name))) {
      taken.accept(wanted.entry());
    }
  }

  @Override
  public synchronized void close() {
    if (retrying != null) {
      retrying.requestStop();
    }
  }
}
