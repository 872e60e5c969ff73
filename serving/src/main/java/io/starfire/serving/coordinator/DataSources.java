package io.starfire.serving.coordinator;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.serving.coordinator.ViewMaker.Change;
import io.starfire.serving.metadata.MetadataTransaction;
import io.starfire.serving.view.View;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Registers data sources and keeps every schema that each of them ever had. Thread-safe. */
final class DataSources {
  private final ViewMaker maker;
  private final InstantSource clock;

  DataSources(ViewMaker maker, InstantSource clock) {
    this.maker = maker;
    this.clock = clock;
  }

  /** The registration of a data source, or NOT_FOUND with the names of those that exist. */
  static DataSourceRegistration require(MetadataTransaction transaction, String name) {
    return transaction
        .dataSources()
        .find(name)
        .orElseThrow(
            () ->
                View.unknownDataSource(
                    name,
                    transaction.dataSources().all().stream()
                        .map(registration -> registration.schema().name())
                        .collect(Collectors.toCollection(TreeSet::new))));
  }

  /**
   * Stores a registration. One without a topic leaves the topic of its data source as it is.
   *
   * @return the registration that is in force
   */
  DataSourceRegistration register(DataSourceRegistration asked) {
    check(asked);
    return maker.write(
        transaction -> {
          String name = asked.schema().name();
          DataSourceRegistration existing = transaction.dataSources().find(name).orElse(null);
          DataSourceRegistration registration =
              asked.topic() == null && existing != null
                  ? new DataSourceRegistration(asked.schema(), existing.topic())
                  : asked;
          if (existing != null && isRegistered(transaction, existing, registration)) {
            return Change.none(existing);
          }
          if (transaction.supervisors().find(name).isPresent()) {
            throw new StarfireException(
                ErrorCode.CONFLICT,
                "data source '%s' is loaded by a supervisor; terminate it first, or register another name"
                    .formatted(name));
          }
          if (existing != null) {
            checkOneTopic(existing, registration);
            checkChange(transaction, existing, registration);
          }
          transaction.dataSources().put(registration, clock.millis());
          transaction.nextViewNumber();
          return Change.of(registration, Set.of(name));
        });
  }

  /** Whether it is what was registered last; a publication may have put other columns in force. */
  private static boolean isRegistered(
      MetadataTransaction transaction,
      DataSourceRegistration existing,
      DataSourceRegistration registration) {
    return Objects.equals(existing.topic(), registration.topic())
        && transaction
            .dataSources()
            .registered(registration.schema().name())
            .filter(registered -> registered.schema().equals(registration.schema()))
            .isPresent();
  }

  /**
   * Refuses a schema of what is to be published that could not take effect.
   *
   * @throws StarfireException with CONFLICT if the topic's rows go to segments of other buckets
   */
  static void checkPublished(MetadataTransaction transaction, DataSourceSchema schema) {
    Optional<DataSourceRegistration> existing = transaction.dataSources().find(schema.name());
    // Where a supervisor was terminated there is no topic, and its segments stay.
    Optional<String> topic =
        existing
            .map(DataSourceRegistration::topic)
            .or(() -> topics(transaction, schema.name()).stream().findFirst());
    existing.ifPresent(
        registration ->
            new DataSourceRegistration(registration.schema(), topic.orElse(null))
                .requireSameBuckets(schema));
  }

  /**
   * Puts the schema in force that {@link SchemaInForce} says, in the transaction that activates a
   * publication or rolls one back.
   */
  static void settleSchema(MetadataTransaction transaction, String name) {
    DataSourceSchema schema =
        SchemaInForce.with(transaction, name, SchemaInForce.active(transaction, name));
    if (!schema.equals(require(transaction, name).schema())) {
      transaction.dataSources().putInForce(schema);
    }
  }

  static Set<String> topics(MetadataTransaction transaction, String dataSource) {
    return transaction.realtimeOffsets().all().stream()
        .filter(row -> row.dataSource().equals(dataSource))
        .map(row -> row.topic())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void check(DataSourceRegistration registration) {
    if (registration.schema() == null) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "a data source must be registered with a schema; the field 'schema' is missing");
    }
    if (registration.topic() != null && registration.topic().isBlank()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': topic must be the name of a topic, or null if only batch runs write it"
              .formatted(registration.schema().name()));
    }
  }

  /**
   * A data source is read from one topic. Were it read from another, the rows of the first would
   * vanish, and its stream would go on writing what nobody reads.
   */
  private static void checkOneTopic(
      DataSourceRegistration existing, DataSourceRegistration changed) {
    if (existing.topic() != null && !existing.topic().equals(changed.topic())) {
      String name = changed.schema().name();
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' is read from topic '%s', so rows in topic '%s' would not be seen; to go on in the topic that is read, stop the stream that writes it and set starfire.data-sources.%s.topic to '%s'; to begin that stream anew, start it with 'bin/starfire stream CLASS --reset'; or write another data source"
              .formatted(name, existing.topic(), changed.topic(), name, existing.topic()));
    }
  }

  /** Refuses a change that what the data source has committed forbids. */
  static void checkChange(
      MetadataTransaction transaction,
      DataSourceRegistration existing,
      DataSourceRegistration changed) {
    String name = changed.schema().name();
    Set<String> topics = topics(transaction, name);
    // Segments stay where a stream went over to another topic, of which nothing is committed yet.
    boolean hasRows = !topics.isEmpty() || transaction.segments().hasRealtime(name);
    if (hasRows
        && existing.schema().segmentGranularity() != changed.schema().segmentGranularity()) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' has real-time data in segments of one %s, so its segmentGranularity cannot become %s; keep it, or write another data source"
              .formatted(
                  name,
                  existing.schema().segmentGranularity().jsonName(),
                  changed.schema().segmentGranularity().jsonName()));
    }
    if (topics.isEmpty()) {
      return;
    }
    // Where a supervisor was terminated there is no topic, and one may go on where it was.
    boolean sameTopic =
        existing.topic() == null
            ? changed.topic() == null || topics.equals(Set.of(changed.topic()))
            : Objects.equals(existing.topic(), changed.topic());
    if (!sameTopic) {
      throw new StarfireException(
          ErrorCode.CONFLICT,
          "data source '%s' has committed rows of topic '%s', so its topic cannot become '%s'; give it that topic again, or write another data source"
              .formatted(name, String.join(", ", topics), changed.topic()));
    }
  }
}
