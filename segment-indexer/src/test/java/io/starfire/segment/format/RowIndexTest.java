package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Granularity;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.StringColumn;
import io.starfire.segment.index.IncrementalIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/** The rows of ids: of a few, of many, of ids with a bitmap and without. */
class RowIndexTest {
  /** More than two blocks of ends and of rows. */
  private static final int ROWS = 24_000;

  @TempDir Path directory;

  @Test
  void theRowsOfAnyIdsAreThoseThatHoldThem() {
    Random random = new RandomRows(31).random();
    try (SegmentReader reader = write(random)) {
      for (String name : List.of("key", "kind", "tags")) {
        StringColumn column = (StringColumn) reader.column(name);
        RoaringBitmap[] expected = rowsById(column, reader.rowCount());
        for (int id = 0; id < expected.length; id += 1 + random.nextInt(9)) {
          RoaringBitmap found = new RoaringBitmap();
          column.rowsOf(id).forEach((IntConsumer) found::add);
          assertThat(found).isEqualTo(expected[id]);
        }
        for (int round = 0; round < 40; round++) {
          BitSet ids = someIds(random, expected.length);
          RoaringBitmap union = new RoaringBitmap();
          ids.stream().forEach(id -> union.or(expected[id]));
          assertThat(column.rowsOfAny(ids)).isEqualTo(union);
        }
        checkCounts(random, column, expected);
      }
      StringColumn key = (StringColumn) reader.column("key");
      assertThat(key.cardinality()).isGreaterThan(2 * SegmentFormat.BLOCK_ROWS);
    }
    SegmentInfo info = SegmentInfo.of(directory.resolve("s"));
    assertThat(info.columns().get(1).bitmapBytes()).isZero();
    assertThat(info.columns().get(1).postingBytes()).isBetween(1L, ROWS * 5L);
    assertThat(info.columns().get(2).bitmapBytes()).isPositive();
    assertThat(info.columns().get(2).postingBytes()).isPositive();
    assertThat(SegmentCheck.check(directory.resolve("s")).problems()).isEmpty();
  }

  @Test
  void liveRowsHaveNoIndex() {
    IncrementalIndex index = new IncrementalIndex(schema());
    index.add(new DataRow(0, new Object[] {"a", "b", "c"}, new long[0], null));
    try (IndexedRows rows = index.snapshot()) {
      StringColumn column = (StringColumn) rows.column("key");
      BitSet ids = new BitSet();
      ids.set(0);
      assertThat(column.rowsOfAny(ids)).isNull();
      assertThat(column.readRowCounts(0, 1, new int[1])).isFalse();
    }
  }

  private static void checkCounts(Random random, StringColumn column, RoaringBitmap[] expected) {
    for (int round = 0; round < 20; round++) {
      int first = random.nextInt(expected.length);
      int count = random.nextInt(expected.length - first) + 1;
      int[] counts = new int[count];
      assertThat(column.readRowCounts(first, count, counts)).isTrue();
      for (int i = 0; i < count; i++) {
        assertThat(counts[i]).isEqualTo(expected[first + i].getCardinality());
      }
    }
  }

  /** Single ones, ranges, or all. */
  private static BitSet someIds(Random random, int cardinality) {
    BitSet ids = new BitSet();
    switch (random.nextInt(4)) {
      case 0 -> ids.set(random.nextInt(cardinality));
      case 1 -> {
        int first = random.nextInt(cardinality);
        ids.set(first, first + 1 + random.nextInt(cardinality - first));
      }
      case 2 -> {
        for (int i = random.nextInt(3000); i >= 0; i--) {
          ids.set(random.nextInt(cardinality));
        }
      }
      default -> ids.set(0, cardinality);
    }
    return ids;
  }

  private static RoaringBitmap[] rowsById(StringColumn column, int rows) {
    RoaringBitmap[] byId = new RoaringBitmap[column.cardinality()];
    for (int id = 0; id < byId.length; id++) {
      byId[id] = new RoaringBitmap();
    }
    for (int row = 0; row < rows; row++) {
      for (int id : column.readValues(row)) {
        byId[id].add(row);
      }
    }
    return byId;
  }

  private SegmentReader write(Random random) {
    IncrementalIndex index = new IncrementalIndex(schema());
    for (int i = 0; i < ROWS; i++) {
      String key = i % 5 == 0 ? "key-" + random.nextInt(ROWS) : "key " + i;
      // Half of the rows have one of 3 kinds, the others one of 2000.
      String kind = "kind-" + (random.nextBoolean() ? random.nextInt(3) : random.nextInt(2000));
      List<String> tags = new ArrayList<>();
      for (int tag = random.nextInt(4); tag > 0; tag--) {
        tags.add("tag-" + (int) Math.abs(random.nextGaussian() * 200));
      }
      long time = RandomRows.HOUR.startMillis() + random.nextInt(3_600_000);
      index.add(new DataRow(time, new Object[] {key, kind, tags}, new long[0], null));
    }
    try (IndexedRows sorted = index.sortedSnapshot()) {
      SegmentWriter.write(sorted, RandomRows.HOUR, directory.resolve("s"));
    }
    return SegmentReader.open(directory.resolve("s"));
  }

  private static DataSourceSchema schema() {
    return new DataSourceSchema(
        "rows",
        List.of(
            new DimensionSpec("key", ColumnType.STRING),
            new DimensionSpec("kind", ColumnType.STRING),
            new DimensionSpec("tags", ColumnType.STRING)),
        List.of(),
        Granularity.HOUR,
        Granularity.NONE,
        false);
  }
}
