package io.starfire.segment.ingest;

import io.starfire.event.DataRow;

/**
 * Makes rows of a data source from records: the value of a Kafka record, or a line of a file.
 *
 * <p>Fields become values as Druid has them: in STRING dimensions numbers and booleans become text,
 * arrays become several values, and objects are passed over; numbers for LONG and DOUBLE dimensions
 * and for metrics may be written as text, and are null where that is empty. Unlike Druid's, a
 * number that does not fit its column (a fraction for a long, text that is no number) rejects the
 * record; it is neither cut nor taken for null. Text has to be UTF-8.
 *
 * <p>A dimension is discovered at its first value that is not null, and only by a record that
 * becomes a row; a record that would bring the dimensions above the catalog's limit is rejected.
 *
 * <p>Not thread-safe; several decoders may share a catalog.
 */
public abstract sealed class RecordDecoder permits JsonDecoder, DelimitedDecoder {
  RecordDecoder() {}

  /**
   * A decoder.
   *
   * @param catalog where discovered dimensions go; unused without discovery
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if the format is delimited and
   *     its columns are not known
   */
  public static RecordDecoder of(RowSpec spec, DimensionCatalog catalog) {
    if (spec.format() instanceof RecordFormat.Delimited format) {
      return new DelimitedDecoder(spec, format, catalog);
    }
    return new JsonDecoder(spec, catalog);
  }

  /**
   * Reads one record, which must be all of the bytes.
   *
   * @return a row with the dimensions that the catalog has now; later rows may have more
   * @throws RejectedRecordException if it is no row
   */
  public abstract DataRow decode(byte[] bytes, int offset, int length);

  /** Reads one record. As {@link #decode(byte[], int, int)}. */
  public final DataRow decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }
}
