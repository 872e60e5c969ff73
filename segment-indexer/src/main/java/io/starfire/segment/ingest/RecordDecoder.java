package io.starfire.segment.ingest;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.decoding.DecodingFailure;
import io.starfire.decoding.DelimitedFormat;
import io.starfire.decoding.DelimitedScanner;
import io.starfire.decoding.FieldValue;
import io.starfire.decoding.JsonScanner;
import io.starfire.decoding.RawRecord;
import io.starfire.decoding.RecordScanner;
import io.starfire.event.DataRow;

/**
 * Makes rows of a data source from records: the value of a Kafka record, or a line of a file.
 *
 * <p>Fields become values by the rules of {@link FieldValue}, which hold on every way in. Besides,
 * as Druid has it: in STRING dimensions arrays become several values, sorted unless the spec says
 * otherwise, and objects are passed over. Unlike Druid's, a number that does not fit its column (a
 * fraction for a long, text that is no number) rejects the record; it is neither cut nor taken for
 * null.
 *
 * <p>A dimension is discovered at its first value that is not null, and only by a record that
 * becomes a row; a record that would bring the dimensions above the catalog's limit is rejected.
 *
 * <p>Not thread-safe; several decoders may share a catalog.
 */
public final class RecordDecoder {
  private final RecordScanner<DataRow> scanner;

  private RecordDecoder(RecordScanner<DataRow> scanner) {
    this.scanner = scanner;
  }

  /**
   * A decoder.
   *
   * @param catalog where discovered dimensions go; unused without discovery
   * @throws StarfireException with INVALID_INPUT if the format is delimited and its columns are not
   *     known
   */
  public static RecordDecoder of(RowSpec spec, DimensionCatalog catalog) {
    RowTarget target = new RowTarget(spec, catalog);
    if (!(spec.format() instanceof RecordFormat.Delimited format)) {
      return new RecordDecoder(new JsonScanner<>(target));
    }
    if (format.columns().isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': the columns of the inputFormat are not known; name them in columns"
              .formatted(spec.schema().name()));
    }
    return new RecordDecoder(
        DelimitedScanner.confined(
            new DelimitedFormat(format.columns(), format.delimiter(), format.quoted(), true),
            target));
  }

  /**
   * Reads one record, whose value must be one row and nothing else.
   *
   * @return a row with the dimensions that the catalog has now; later rows may have more
   * @throws RejectedRecordException if it is no row
   */
  public DataRow decode(RawRecord record) {
    if (!record.hasValue()) {
      throw RejectedRecordException.undecodable("the record has no value");
    }
    try {
      return scanner.read(record);
    } catch (DecodingFailure e) {
      throw RejectedRecordException.undecodable(e.describe());
    }
  }

  /** Reads one record of a value alone. As {@link #decode(RawRecord)}. */
  public DataRow decode(byte[] value) {
    return decode(RawRecord.ofValue(value));
  }
}
