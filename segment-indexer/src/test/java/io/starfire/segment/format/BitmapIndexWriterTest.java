package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BitmapIndexWriterTest {
  @TempDir Path directory;

  /** With a budget of 1 nearly every id takes a pass of its own, with 300 the frequent ones do. */
  @ParameterizedTest
  @CsvSource({"1,city", "300,city", "1,tags", "300,tags", "1000000,tags"})
  void theMemoryAllowedChangesTimeAndNotBitmaps(int budget, String name) {
    RandomRows random = new RandomRows(21);
    IncrementalIndex index = new IncrementalIndex(RandomRows.schema(Granularity.MINUTE, false));
    random.next(5000).forEach(index::add);
    Path file = directory.resolve("s");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, RandomRows.HOUR, file);
    }
    try (SegmentReader reader = SegmentReader.open(file);
        SegmentOutput output = new SegmentOutput(directory.resolve("bitmaps"))) {
      StringColumn column = (StringColumn) reader.column(name);
      int[] counts = new int[column.cardinality()];
      for (int row = 0; row < reader.rowCount(); row++) {
        for (int id : column.readValues(row)) {
          counts[id]++;
        }
      }
      BlockTable table = new BlockTable(name, "bitmap page");
      new BitmapIndexWriter(budget)
          .write(column, reader.rowCount(), counts, new BitmapPages.Writer(table, output));
      MappedFile written = output.mapWritten();
      for (int id = 0; id < counts.length; id++) {
        assertThat(BitmapPages.read(table, written, id)).isEqualTo(column.rowsOf(id));
      }
      written.release();
    }
  }
}
