package io.starfire.serving.supervisor;

import io.starfire.event.DataSourceSchema;
import io.starfire.protocol.DataSourceRegistration;
import io.starfire.segment.ingest.DimensionCatalog;
import io.starfire.segment.ingest.IngestionSpec;
import io.starfire.segment.ingest.KafkaInput;
import io.starfire.segment.ingest.RecordDecoder;
import io.starfire.segment.ingest.Tuning;
import io.starfire.serving.realtime.RealtimeSettings;
import io.starfire.serving.realtime.RowDecoder;
import io.starfire.serving.realtime.TopicFeed;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes of a spec what a real-time node reads. Immutable. */
final class FeedFactory {
  private static final String BOOTSTRAP = "bootstrap.servers";

  private final RealtimeSettings defaults;

  FeedFactory(RealtimeSettings defaults) {
    this.defaults = defaults;
  }

  /**
   * The feed of a spec.
   *
   * @param schema the spec's, or one that extends it by what was discovered before
   */
  TopicFeed feed(IngestionSpec spec, DataSourceSchema schema) {
    KafkaInput kafka = spec.kafka().orElseThrow();
    int most =
        Math.max(defaults.maxDiscoveredDimensions(), spec.rows().schema().dimensions().size());
    DimensionCatalog catalog =
        new DimensionCatalog(schema, Math.max(most, schema.dimensions().size()));
    RecordDecoder decoder = RecordDecoder.of(spec.rows(), catalog);
    return new TopicFeed(
        new DataSourceRegistration(schema, kafka.topic()),
        (record, isTaken) ->
            new RowDecoder.Decoded(decoder.decode(record, isTaken), catalog.schema()),
        catalog::schema,
        settings(kafka, spec.tuning()),
        kafka.useEarliestOffset());
  }

  private RealtimeSettings settings(KafkaInput kafka, Tuning tuning) {
    RealtimeSettings.Builder settings = defaults.toBuilder(kafkaProperties(kafka));
    settings.persistAt(
        tuning.maxRowsInMemory().orElse(defaults.maxRowsInMemory()),
        tuning.maxBytesInMemory().orElse(defaults.maxBytesInMemory()),
        tuning.persistPeriod().orElse(defaults.persistPeriod()));
    long rows =
        Math.min(
            tuning.maxRowsPerSegment().isPresent()
                ? tuning.maxRowsPerSegment().getAsInt()
                : defaults.handOffRows(),
            tuning.maxTotalRows().orElse(Long.MAX_VALUE));
    settings.handOffAt(
        rows,
        shorter(tuning.handOffPeriod(), kafka.handOffPeriod()).orElse(defaults.handOffPeriod()));
    kafka.rejectOlderThan().ifPresent(settings::rejectOlderThan);
    return settings.build();
  }

  /**
   * The server's properties, among them perhaps a password, are for the server's own broker:
   * another one, which the sender of a spec chose, gets those of the spec alone.
   */
  private Map<String, String> kafkaProperties(KafkaInput kafka) {
    Map<String, String> asked = kafka.consumerProperties();
    String broker = defaults.kafka().get(BOOTSTRAP);
    boolean own = asked.getOrDefault(BOOTSTRAP, broker).equals(broker);
    Map<String, String> properties = new TreeMap<>(own ? defaults.kafka() : Map.of());
    properties.putAll(asked);
    // The node reads committed records anyway, and refuses to be told so.
    properties.remove("isolation.level");
    return properties;
  }

  private static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isPresent() ? one : other;
    }
    return one.get().compareTo(other.get()) <= 0 ? one : other;
  }
}
