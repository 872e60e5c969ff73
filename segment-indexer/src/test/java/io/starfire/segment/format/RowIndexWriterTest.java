package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.event.ColumnType;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowIndexWriterTest {
  @TempDir Path directory;

  /** With a budget of 1 nearly every id takes a pass of its own, with 300 the frequent ones do. */
  @ParameterizedTest
  @CsvSource({"1,city", "300,city", "1,tags", "300,tags", "1000000,tags"})
  void theMemoryAllowedChangesTimeAndNotTheIndex(int budget, String name) {
    RandomRows random = new RandomRows(21);
    IncrementalIndex index = new IncrementalIndex(RandomRows.schema(Granularity.MINUTE, false));
    random.next(5000).forEach(index::add);
    Path file = directory.resolve("s");
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, RandomRows.HOUR, file);
    }
    try (SegmentReader reader = SegmentReader.open(file);
        SegmentOutput output = new SegmentOutput(directory.resolve("index"))) {
      StringColumn column = (StringColumn) reader.column(name);
      int cardinality = column.cardinality();
      int[] counts = new int[cardinality];
      for (int row = 0; row < reader.rowCount(); row++) {
        for (int id : column.readValues(row)) {
          counts[id]++;
        }
      }
      ColumnDirectory directory = new ColumnDirectory(name, ColumnType.STRING);
      directory.cardinality = cardinality;
      new RowIndexWriter(budget, directory, output).write(column, reader.rowCount(), counts);
      Handle written = new Handle(output.mapWritten());
      StringColumn again =
          new MappedStringColumn(
              written, directory, new DictionaryPages(directory.dictionary), reader.rowCount());
      assertThat(directory.postings.bitmapCount()).isBetween(1, cardinality - 1);
      for (int id = 0; id < cardinality; id++) {
        assertThat(again.rowsOf(id)).isEqualTo(column.rowsOf(id));
      }
      written.close();
    }
  }
}
