package io.starfire.batch.input;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.gtEq;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.lt;
import static org.apache.parquet.filter2.predicate.FilterApi.or;

import io.starfire.archive.ArchiveLayout;
import io.starfire.archive.ArchivedHeaders;
import io.starfire.decoding.RawRecord;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.Operators.LongColumn;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/**
 * Reads whole records from a file of the archive. Skips row groups and pages without an event time
 * of interest. Records without event time are always read, because they are counted.
 */
final class ArchiveCursor implements PartCursor {
  private static final String PROJECTION =
      "message record { required binary %s (STRING); required int32 %s; required int64 %s; required int64 %s; required int64 %s; optional int64 %s; optional binary %s; optional binary %s; optional binary %s; }"
          .formatted(
              ArchiveLayout.TOPIC,
              ArchiveLayout.PARTITION,
              ArchiveLayout.OFFSET,
              ArchiveLayout.TIMESTAMP,
              ArchiveLayout.READ_AT,
              ArchiveLayout.EVENT_TIME,
              ArchiveLayout.KEY,
              ArchiveLayout.VALUE,
              ArchiveLayout.HEADERS);

  private final InputPart part;
  private final ParquetReader<Group> reader;

  ArchiveCursor(InputPart part, Configuration configuration) throws IOException {
    this.part = part;
    Configuration projected = new Configuration(configuration);
    projected.set(ReadSupport.PARQUET_READ_SCHEMA, PROJECTION);
    LongColumn eventTime = longColumn(ArchiveLayout.EVENT_TIME);
    this.reader =
        ParquetReader.builder(new GroupReadSupport(), new Path(part.file()))
            .withConf(projected)
            .withFilter(
                FilterCompat.get(
                    or(
                        eq(eventTime, null),
                        and(gtEq(eventTime, part.fromMillis()), lt(eventTime, part.toMillis())))))
            .useRecordFilter(false)
            .build();
  }

  @Override
  public InputRecord next() throws IOException {
    Group row = reader.read();
    if (row == null) {
      return null;
    }
    RawRecord raw =
        RawRecord.ofTopic(
            row.getString(ArchiveLayout.TOPIC, 0),
            row.getInteger(ArchiveLayout.PARTITION, 0),
            row.getLong(ArchiveLayout.OFFSET, 0),
            row.getLong(ArchiveLayout.TIMESTAMP, 0),
            bytes(row, ArchiveLayout.KEY),
            bytes(row, ArchiveLayout.VALUE),
            ArchivedHeaders.decode(bytes(row, ArchiveLayout.HEADERS)));
    return InputRecord.archived(
        part.index(), part.file(), raw, row.getLong(ArchiveLayout.READ_AT, 0));
  }

  /** Null if there are none. */
  private static byte[] bytes(Group row, String column) {
    return row.getFieldRepetitionCount(column) > 0 ? row.getBinary(column, 0).getBytes() : null;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
