package io.starfire.serving.realtime;

import io.starfire.common.Granularity;
import io.starfire.decoding.RawRecord;
import io.starfire.event.DataRowCodec;
import io.starfire.event.DataSourceSchema;
import io.starfire.serving.role.RealtimeCoordination;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final AtomicBoolean changed = new AtomicBoolean();
  private long lastFingerprint;
  private Known last;

  private record Known(DataRowCodec codec, DataSourceSchema schema) {}

  /**
   * Asks for a schema when its first row comes. The schema in force need not be that of any row: a
   * publication may have the same columns and another granularity.
   *
   * @param inForce whose segment granularity holds for all rows of the data source
   */
  FingerprintDecoder(DataSourceSchema inForce, RealtimeCoordination coordination) {
    this.dataSource = inForce.name();
    this.segmentGranularity = inForce.segmentGranularity();
    this.coordination = coordination;
  }

  /** The schema may store rows in another way that were written with the same columns. */
  @Override
  public void registered(DataSourceSchema schema) {
    changed.set(true);
  }

  @Override
  public Decoded decode(RawRecord record, LongPredicate isTaken) {
    byte[] value = record.value();
    if (changed.getAndSet(false)) {
      known.clear();
      last = null;
    }
    long fingerprint = DataRowCodec.fingerprintOf(value);
    if (last == null || fingerprint != lastFingerprint) {
      Known found = known.get(fingerprint);
      last = found != null ? found : remember(fingerprint, ask(fingerprint));
      lastFingerprint = fingerprint;
    }
    return new Decoded(last.codec.decode(value), last.schema);
  }

  private Known remember(long fingerprint, DataSourceSchema schema) {
    Known found = new Known(DataRowCodec.of(schema), inBucketsOf(segmentGranularity, schema));
    known.put(fingerprint, found);
    return found;
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
