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
import java.util.function.LongPredicate;

/**
 * Makes rows of a data source from records: the value of a Kafka record, or a line of a file.
 *
 * <p>Fields become values by the rules of {@link FieldValue}, which hold for every way in. As in
 * Druid, an array becomes several values of a STRING dimension, sorted unless the spec says
 * otherwise, and objects are skipped. Unlike in Druid, a number that does not fit its column (a
 * fraction for a long, or text that is not a number) rejects the record; it is not cut or made
 * null.
 *
 * <p>A dimension is discovered at its first value that is not null, if the record becomes a row of
 * a time that is taken. A record is rejected if there would be more dimensions than the catalog's
 * limit.
 *
 * <p>Not thread-safe; several decoders may share a catalog.
 */
public final class RecordDecoder {
  private final RowTarget target;
  private final RecordScanner<DataRow> scanner;

  private RecordDecoder(RowTarget target, RecordScanner<DataRow> scanner) {
    this.target = target;
    this.scanner = scanner;
  }

  /**
   * A decoder.
   *
   * @param catalog receives the discovered dimensions; not used without discovery
   * @throws StarfireException with INVALID_INPUT if the format is delimited and its columns are not
   *     known
   */
  public static RecordDecoder of(RowSpec spec, DimensionCatalog catalog) {
    RowTarget target = new RowTarget(spec, catalog);
    if (!(spec.format() instanceof RecordFormat.Delimited format)) {
      return new RecordDecoder(target, new JsonScanner<>(target));
    }
    if (format.columns().isEmpty()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s': the columns of the inputFormat are not known; name them in columns"
              .formatted(spec.schema().name()));
    }
    return new RecordDecoder(
        target,
        DelimitedScanner.confined(
            new DelimitedFormat(format.columns(), format.delimiter(), format.quoted(), true),
            target));
  }

  /**
   * Reads one record. Its value must be one row and nothing else. The row keeps the bytes of the
   * record, which must not be changed any more: its texts lie in them.
   *
   * @param isTaken whether the caller takes rows of a time, in milliseconds. If not, the record
   *     adds no dimension: a row that nobody takes must not change the schema.
   * @return a row with the dimensions that the catalog has now; later rows may have more. If its
   *     time is not taken, it may lack dimensions that the record has.
   * @throws RejectedRecordException if it is not a row
   */
  public DataRow decode(RawRecord record, LongPredicate isTaken) {
    if (!record.hasValue()) {
      throw RejectedRecordException.undecodable("the record has no value");
    }
    target.take(isTaken);
    try {
      return scanner.read(record);
    } catch (DecodingFailure e) {
      throw RejectedRecordException.undecodable(e.describe());
    }
  }

  /** Reads one record that has only a value, whatever its time. */
  public DataRow decode(byte[] value) {
    return decode(RawRecord.ofValue(value), timeMillis -> true);
  }
}
