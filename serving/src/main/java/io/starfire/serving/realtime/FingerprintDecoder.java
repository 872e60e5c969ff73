package io.starfire.serving.realtime;

import io.starfire.common.Granularity;
import io.starfire.decoding.RawRecord;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.role.RealtimeCoordination;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;

/**
 * Decodes each row by the schema that it was written with: a row carries the fingerprint, and the
 * coordinator keeps every schema that a data source ever had. So a stream may change its columns
 * while rows of the old columns are still on the topic, and two versions of it may write at once.
 * Used by one thread, but for {@link #registered}.
 */
final class FingerprintDecoder implements RowDecoder {
  private final String dataSource;
  private final Granularity segmentGranularity;
  private final RealtimeCoordination coordination;
  private final Map<Long, Known> known = new HashMap<>();
  private final AtomicReference<DataSourceSchema> changed = new AtomicReference<>();
  private long lastFingerprint;
  private Known last;

  private record Known(DataRowCodec codec, DataSourceSchema schema) {}

  /**
   * Knows the registered schema, and asks for others when their rows come.
   *
   * @param registered whose segment granularity holds for all rows of the data source
   */
  FingerprintDecoder(DataSourceSchema registered, RealtimeCoordination coordination) {
    this.dataSource = registered.name();
    this.segmentGranularity = registered.segmentGranularity();
    this.coordination = coordination;
    remember(registered);
  }

  /** The schema may store rows in another way that were written with the same columns. */
  @Override
  public void registered(DataSourceSchema schema) {
    changed.set(schema);
  }

  @Override
  public Decoded decode(RawRecord record, LongPredicate isTaken) {
    byte[] value = record.value();
    if (changed.get() != null) {
      remember(changed.getAndSet(null));
    }
    long fingerprint = DataRowCodec.fingerprintOf(value);
    if (fingerprint != lastFingerprint) {
      Known found = known.get(fingerprint);
      last = found != null ? found : remember(ask(fingerprint));
      lastFingerprint = fingerprint;
    }
    return new Decoded(last.codec.decode(value), last.schema);
  }

  private Known remember(DataSourceSchema schema) {
    DataRowCodec codec = DataRowCodec.of(schema);
    last = new Known(codec, inBucketsOf(segmentGranularity, schema));
    lastFingerprint = codec.fingerprint();
    known.put(lastFingerprint, last);
    return last;
  }

  private DataSourceSchema ask(long fingerprint) {
    String name = DataRowCodec.hex(fingerprint);
    Optional<DataSourceSchema> found;
    try {
      found = coordination.schema(dataSource, name);
    } catch (RuntimeException e) {
      throw new UnknownSchemaException(
          "a row was written with the schema of fingerprint %s, which the coordinator could not be asked for: %s"
              .formatted(name, e.getMessage()),
          e);
    }
    return found.orElseThrow(
        () ->
            new UnknownSchemaException(
                "a row was written with the schema of fingerprint %s, which data source '%s' does not have; start the stream that writes such rows with this coordinator, which registers it"
                    .formatted(name, dataSource),
                null));
  }

  /** Rows of all schemas go to segments of the same buckets. */
  private static DataSourceSchema inBucketsOf(Granularity segments, DataSourceSchema schema) {
    if (schema.segmentGranularity() == segments) {
      return schema;
    }
    boolean divides = schema.queryGranularity().divides(segments);
    return new DataSourceSchema(
        schema.name(),
        schema.dimensions(),
        schema.metrics(),
        segments,
        divides ? schema.queryGranularity() : segments,
        schema.rollup());
  }
}
