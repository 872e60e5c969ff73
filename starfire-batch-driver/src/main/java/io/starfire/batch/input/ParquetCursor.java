package io.starfire.batch.input;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** The rows of a Parquet file, of those columns only that the source's record has. */
final class ParquetCursor implements PartCursor {
  private final InputPart part;
  private final ParquetRows rows;

  /**
   * @param wanted names of the fields that the source's record is made of
   */
  ParquetCursor(InputPart part, Set<String> wanted, Configuration configuration) {
    this.part = part;
    this.rows =
        ParquetRows.open(
            part.file(),
            wanted::contains,
            part.start(),
            part.start() + part.length(),
            configuration);
  }

  @Override
  public InputRecord next() {
    Map<String, Object> fields = rows.next();
    return fields == null
        ? null
        : InputRecord.row(part.index(), part.file(), rows.rowNumber(), fields);
  }

  @Override
  public void close() throws IOException {
    rows.close();
  }
}
