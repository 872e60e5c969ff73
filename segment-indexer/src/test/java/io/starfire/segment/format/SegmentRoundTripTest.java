package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.NaiveRows;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentRoundTripTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "0,NONE,true",
    "1,NONE,true",
    "1000,HOUR,true",
    "1023,MINUTE,true",
    "3000,NONE,false",
    "8191,SECOND,false",
    "8192,NONE,false",
    "8193,NONE,false",
    "20000,FIVE_MINUTE,true",
    "40000,MINUTE,false"
  })
  void whatGoesIntoTheIndexComesOutOfTheSegment(int events, Granularity query, boolean rollup) {
    RandomRows random = new RandomRows(17 + events);
    DataSourceSchema schema = RandomRows.schema(query, rollup);
    IncrementalIndex index = new IncrementalIndex(schema);
    NaiveRows naive = new NaiveRows(schema);
    for (DataRow row : random.next(events)) {
      index.add(row);
      naive.add(row);
    }
    assertThat(index.eventCount()).isEqualTo(events);
    assertThat(index.rowCount()).isEqualTo(naive.rows().size());
    try (IndexedRows live = index.snapshot();
        IndexedRows sorted = index.sortedSnapshot()) {
      assertThat(NaiveRows.read(live, 1000)).isEqualTo(naive.rows());
      assertThat(NaiveRows.read(sorted, 1024)).isEqualTo(naive.sorted());
      Path file = directory.resolve("a.segment");
      WrittenSegment written = SegmentWriter.write(sorted, RandomRows.HOUR, file);
      assertThat(written.eventCount()).isEqualTo(events);
      try (SegmentReader reader = SegmentReader.open(file)) {
        reader.verify();
        assertThat(reader.schema()).isEqualTo(schema);
        assertThat(reader.interval()).isEqualTo(RandomRows.HOUR);
        assertThat(reader.eventCount()).isEqualTo(events);
        assertThat(reader.timeRange().isEmpty()).isEqualTo(events == 0);
        assertThat(NaiveRows.read(reader, 1024)).isEqualTo(naive.sorted());
        assertThat(NaiveRows.read(reader, 777)).isEqualTo(naive.sorted());
        checkDictionary((StringColumn) reader.column("city"), naive.sorted(), 1);
        checkDictionary((StringColumn) reader.column("tags"), naive.sorted(), 2);
      }
    }
  }

  /** Values are in order, can be found again, and their bitmaps hold just their rows. */
  private static void checkDictionary(StringColumn column, List<List<Object>> rows, int at) {
    TreeSet<String> expected = new TreeSet<>(io.starfire.common.Utf8Order.COMPARATOR);
    rows.forEach(row -> ((List<?>) row.get(at)).forEach(value -> expected.add((String) value)));
    List<String> values = new ArrayList<>();
    for (int id = 0; id < column.cardinality(); id++) {
      String value = column.value(id);
      values.add(value);
      assertThat(column.idOf(value)).isEqualTo(id);
      List<Integer> holding = new ArrayList<>();
      for (int row = 0; row < rows.size(); row++) {
        if (((List<?>) rows.get(row).get(at)).contains(value)) {
          holding.add(row);
        }
      }
      List<Integer> indexed = new ArrayList<>();
      column.rowsOf(id).forEach((org.roaringbitmap.IntConsumer) indexed::add);
      assertThat(indexed).isEqualTo(holding);
    }
    assertThat(values).containsExactlyElementsOf(expected);
    assertThat(column.idOf("no such value")).isNegative();
  }

  @ParameterizedTest
  @CsvSource({"1,5000,true", "2,3000,false", "3,6000,true", "9,9000,true", "30,30000,false"})
  void mergedPiecesHoldWhatOneIndexWouldHold(int pieceCount, int events, boolean rollup) {
    RandomRows random = new RandomRows(events);
    DataSourceSchema schema = RandomRows.schema(Granularity.FIFTEEN_MINUTE, rollup);
    NaiveRows naive = new NaiveRows(schema);
    List<IncrementalIndex> indexes = new ArrayList<>();
    for (int i = 0; i < pieceCount; i++) {
      indexes.add(new IncrementalIndex(schema));
    }
    Random choice = random.random();
    for (DataRow row : random.next(events)) {
      naive.add(row);
      indexes.get(choice.nextInt(pieceCount)).add(row);
    }
    List<SegmentReader> pieces = new ArrayList<>();
    for (IncrementalIndex index : indexes) {
      try (IndexedRows sorted = index.sortedSnapshot()) {
        Path piece = directory.resolve("piece-" + pieces.size());
        SegmentWriter.write(sorted, RandomRows.HOUR, piece, WriteOptions.SPILL);
        pieces.add(SegmentReader.open(piece));
      }
    }
    Path file = directory.resolve("merged.segment");
    WrittenSegment written = SegmentMerger.merge(schema, RandomRows.HOUR, pieces, file);
    pieces.forEach(SegmentReader::close);
    assertThat(written.eventCount()).isEqualTo(events);
    try (SegmentReader reader = SegmentReader.open(file)) {
      reader.verify();
      List<List<Object>> rows = NaiveRows.read(reader, 1024);
      if (rollup) {
        assertThat(rows).isEqualTo(naive.sorted());
      } else {
        assertThat(rows).containsExactlyInAnyOrderElementsOf(naive.sorted());
      }
    }
  }
}
