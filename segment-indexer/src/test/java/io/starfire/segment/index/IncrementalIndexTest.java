package io.starfire.segment.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import io.starfire.event.MetricSpec;
import io.starfire.event.MetricSpec.Aggregation;
import io.starfire.segment.NaiveRows;
import io.starfire.segment.RandomRows;
import io.starfire.segment.column.IndexedRows;
import io.starfire.segment.column.LongColumn;
import io.starfire.segment.column.StringColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class IncrementalIndexTest {
  private static final long TEN = RandomRows.HOUR.startMillis();

  @Test
  void rowsOfEqualBucketAndDimensionsBecomeOne() {
    IncrementalIndex index = new IncrementalIndex(small(true));
    assertThat(index.add(row(TEN, "a", 5))).isTrue();
    assertThat(index.add(row(TEN + 59_999, "a", 7))).isFalse();
    assertThat(index.add(row(TEN + 60_000, "a", 1))).isTrue();
    assertThat(index.rowCount()).isEqualTo(2);
    assertThat(index.eventCount()).isEqualTo(3);
    try (IndexedRows rows = index.snapshot()) {
      assertThat(NaiveRows.read(rows, 10))
          .containsExactly(
              List.of(TEN, List.of("a"), 2L, 12L), List.of(TEN + 60_000, List.of("a"), 1L, 1L));
    }
  }

  @Test
  void aMetricIsNullUntilAnInputIsNot() {
    IncrementalIndex index = new IncrementalIndex(small(true));
    DataRow empty = new DataRow(TEN, new Object[] {"a"}, new long[2], new boolean[] {false, true});
    index.add(empty);
    index.add(empty);
    assertThat(sums(index)).containsExactly((Object) null);
    index.add(row(TEN, "a", 4));
    index.add(empty);
    assertThat(sums(index)).containsExactly(4L);
  }

  @Test
  void aListOfOneIsItsValueAndAnEmptyListIsNull() {
    IncrementalIndex index = new IncrementalIndex(small(true));
    index.add(row(TEN, "a", 1));
    index.add(row(TEN, List.of("a"), 1));
    index.add(row(TEN, null, 1));
    index.add(row(TEN, List.of(), 1));
    assertThat(index.rowCount()).isEqualTo(2);
    index.add(row(TEN, List.of("a", "b"), 1));
    index.add(row(TEN, List.of("b", "a"), 1));
    assertThat(index.rowCount()).isEqualTo(4);
    try (IndexedRows rows = index.snapshot()) {
      StringColumn column = (StringColumn) rows.column("name");
      assertThat(column.multiValued()).isTrue();
      assertThat(Arrays.stream(column.readValues(3)).mapToObj(column::value))
          .containsExactly("b", "a");
    }
  }

  @Test
  void aRowThatDoesNotFitIsRefusedAndChangesNothing() {
    IncrementalIndex index = new IncrementalIndex(small(true));
    assertThatThrownBy(() -> index.add(row(TEN, 5, 1)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessage("dimension 'name' takes null, a String or a List of Strings, got Integer '5'");
    assertThatThrownBy(() -> index.add(new DataRow(TEN, new Object[2], new long[1], null)))
        .hasMessage(
            "a row of data source 'small' must have 1 dimensions and 2 metrics, got 2 and 1");
    assertThat(index.eventCount()).isZero();
    assertThat(index.rowCount()).isZero();
  }

  @Test
  void aSnapshotNeverChanges() {
    DataSourceSchema schema = RandomRows.schema(Granularity.HOUR, true);
    IncrementalIndex index = new IncrementalIndex(schema);
    NaiveRows naive = new NaiveRows(schema);
    RandomRows random = new RandomRows(9);
    List<IndexedRows> snapshots = new ArrayList<>();
    List<List<List<Object>>> contents = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      for (DataRow row : random.next(300)) {
        index.add(row);
        naive.add(row);
      }
      snapshots.add(index.snapshot());
      contents.add(naive.rows().stream().map(row -> (List<Object>) new ArrayList<>(row)).toList());
      if (i % 5 == 4) {
        snapshots.get(i - 2).close();
      }
    }
    for (int i = 0; i < snapshots.size(); i++) {
      if (i % 5 != 2) {
        assertThat(NaiveRows.read(snapshots.get(i), 100)).isEqualTo(contents.get(i));
        assertThat(snapshots.get(i).eventCount()).isEqualTo(300L * (i + 1));
      }
    }
  }

  @Test
  void readersSeeWholeRowsWhileTheWriterGoesOn() throws Exception {
    IncrementalIndex index = new IncrementalIndex(small(true));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService readers = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> checks = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        checks.add(readers.submit(() -> checkUntil(index, done)));
      }
      for (int i = 0; i < 400_000; i++) {
        index.add(row(TEN + i % 7 * 60_000L, "name-" + i * 31 % 5000, 3));
      }
      done.set(true);
      for (Future<Integer> check : checks) {
        assertThat(check.get(60, TimeUnit.SECONDS)).isPositive();
      }
    } finally {
      done.set(true);
      readers.shutdownNow();
    }
  }

  /** Each event adds 1 to the count and 3 to the sum of its row. */
  private static int checkUntil(IncrementalIndex index, AtomicBoolean done) {
    int snapshots = 0;
    long[] counts = new long[1024];
    long[] sums = new long[1024];
    int[] ids = new int[1024];
    while (!done.get() || snapshots == 0) {
      try (IndexedRows rows = index.snapshot()) {
        long events = 0;
        StringColumn names = (StringColumn) rows.column("name");
        for (int from = 0; from < rows.rowCount(); from += 1024) {
          int count = Math.min(1024, rows.rowCount() - from);
          ((LongColumn) rows.column("count")).read(from, count, counts);
          ((LongColumn) rows.column("sum")).read(from, count, sums);
          names.readIds(from, count, ids);
          for (int i = 0; i < count; i++) {
            events += counts[i];
            assertThat(sums[i]).isEqualTo(3 * counts[i]);
            assertThat(names.value(ids[i])).startsWith("name-");
          }
        }
        assertThat(events).isEqualTo(rows.eventCount());
        assertThat(names.idOf("name-0")).isLessThan(names.cardinality());
        snapshots++;
      }
    }
    return snapshots;
  }

  @Test
  void estimatedBytesGrowWithWhatIsHeld() {
    IncrementalIndex index = new IncrementalIndex(small(true));
    long empty = index.estimatedBytes();
    for (int i = 0; i < 10_000; i++) {
      index.add(row(TEN, "name-" + i, 1));
    }
    assertThat(index.estimatedBytes()).isGreaterThan(empty + 10_000 * 80);
  }

  private static List<Object> sums(IncrementalIndex index) {
    try (IndexedRows rows = index.snapshot()) {
      return NaiveRows.read(rows, 10).stream().map(row -> row.get(3)).toList();
    }
  }

  private static DataRow row(long time, Object name, long value) {
    return new DataRow(time, new Object[] {name}, new long[] {0, value}, null);
  }

  private static DataSourceSchema small(boolean rollup) {
    return new DataSourceSchema(
        "small",
        List.of(new DimensionSpec("name", ColumnType.STRING)),
        List.of(
            new MetricSpec("count", Aggregation.COUNT),
            new MetricSpec("sum", Aggregation.LONG_SUM)),
        Granularity.HOUR,
        Granularity.MINUTE,
        rollup);
  }
}
