package io.starfire.segment.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Granularity;
import io.starfire.common.StarfireException;
import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.NaiveRows;
import io.starfire.segment.RandomRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentBuilderTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"true,1073741824", "false,1073741824", "true,100000", "false,100000"})
  void spillingChangesNothingButTheMemory(boolean rollup, long maxBytes) throws IOException {
    DataSourceSchema schema = RandomRows.schema(Granularity.FIVE_MINUTE, rollup);
    RandomRows random = new RandomRows(3);
    NaiveRows naive = new NaiveRows(schema);
    Path spills = directory.resolve("spills");
    Path target = directory.resolve("final.segment");
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, RandomRows.HOUR, new SpillLimits(1000, maxBytes), spills)) {
      for (DataRow row : random.next(12_000)) {
        builder.add(row);
        naive.add(row);
      }
      assertThat(builder.spills()).isGreaterThan(5);
      WrittenSegment written = builder.finish(target);
      assertThat(written.eventCount()).isEqualTo(12_000);
      assertThat(written.rowCount()).isEqualTo(naive.rows().size());
      assertThat(written.sizeBytes()).isEqualTo(Files.size(target));
    }
    try (SegmentReader reader = SegmentReader.open(target)) {
      // Rows that are equal in time and dimensions have no order among them.
      assertThat(texts(NaiveRows.read(reader, 1024))).isEqualTo(texts(naive.sorted()));
    }
    assertThat(SegmentCheck.check(target).problems()).isEmpty();
    try (var left = Files.list(spills)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void rowsThatAreAddedTogetherMakeTheSameFile(boolean rollup) throws IOException {
    DataSourceSchema schema = RandomRows.schema(Granularity.MINUTE, rollup);
    List<DataRow> rows = new RandomRows(9).next(9_000);
    // Sums of doubles depend on where rows are spilled.
    SpillLimits limits = new SpillLimits(rollup ? 1 << 30 : 4_000, 1 << 30);
    SpillLimits others = new SpillLimits(rollup ? 1 << 30 : 3_000, 1 << 30);
    Path one = directory.resolve("one");
    Path other = directory.resolve("other");
    Random random = new Random(7);
    try (SegmentBuilder singly = new SegmentBuilder(schema, RandomRows.HOUR, limits, directory);
        SegmentBuilder together = new SegmentBuilder(schema, RandomRows.HOUR, others, directory)) {
      rows.forEach(singly::add);
      for (int from = 0; from < rows.size(); ) {
        int count = Math.min(rows.size() - from, random.nextInt(600));
        DataRow[] some = rows.subList(from, from + count).toArray(new DataRow[count + 2]);
        together.addAll(some, count);
        from += count;
      }
      assertThat(together.spills() > 0).isEqualTo(!rollup);
      assertThat(together.finish(other).eventCount()).isEqualTo(9_000);
      assertThat(singly.finish(one).eventCount()).isEqualTo(9_000);
    }
    assertThat(Files.readAllBytes(other)).isEqualTo(Files.readAllBytes(one));
    assertThat(SegmentCheck.check(other).problems()).isEmpty();
  }

  @Test
  void ifOneOfSeveralRowsDoesNotFitNoneIsAdded() {
    DataSourceSchema schema = RandomRows.schema(Granularity.MINUTE, false);
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, RandomRows.HOUR, SpillLimits.DEFAULT, directory)) {
      RandomRows random = new RandomRows(1);
      DataRow narrow = new DataRow(RandomRows.HOUR.startMillis(), new Object[1], new long[7], null);
      DataRow[] rows = {random.next(), narrow};
      assertThatThrownBy(() -> builder.addAll(rows, 2))
          .hasMessageContaining("must have 4 dimensions and 7 metrics, got 1 and 7");
      assertThat(builder.rowCount()).isZero();
    }
  }

  private static List<String> texts(List<List<Object>> rows) {
    return rows.stream().map(List::toString).sorted().toList();
  }

  @Test
  void aCallerMaySpillWhenItLikesAndAnIdleBuilderHoldsNothing() {
    DataSourceSchema schema = RandomRows.schema(Granularity.NONE, false);
    RandomRows random = new RandomRows(5);
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, RandomRows.HOUR, SpillLimits.DEFAULT, directory)) {
      builder.spill();
      assertThat(builder.spills()).isZero();
      random.next(300).forEach(builder::add);
      assertThat(builder.estimatedBytes()).isPositive();
      long before = builder.estimatedBytes();
      builder.spill();
      // The texts stay.
      assertThat(builder.dictionaryBytes()).isPositive();
      assertThat(builder.estimatedBytes()).isLessThan(before);
      random.next(200).forEach(builder::add);
      assertThat(builder.spills()).isEqualTo(1);
      assertThat(builder.rowCount()).isEqualTo(500);
      builder.detach(false).run();
      assertThat(builder.estimatedBytes()).isZero();
      assertThat(builder.finish(directory.resolve("s")).rowCount()).isEqualTo(500);
    }
    assertThat(directory).isDirectoryNotContaining(file -> file.toString().contains("spill"));
  }

  @Test
  void theLimitOnBytesSpillsToo() {
    RandomRows random = new RandomRows(4);
    try (SegmentBuilder builder =
        new SegmentBuilder(
            RandomRows.schema(Granularity.NONE, true),
            RandomRows.HOUR,
            new SpillLimits(1 << 30, 200_000),
            directory)) {
      random.next(10_000).forEach(builder::add);
      assertThat(builder.spills()).isGreaterThan(1);
    }
  }

  @Test
  void aRowOutsideTheIntervalIsRefusedAndTheOthersStay() {
    DataSourceSchema schema = RandomRows.schema(Granularity.MINUTE, true);
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, RandomRows.HOUR, SpillLimits.DEFAULT, directory)) {
      builder.add(new RandomRows(1).next());
      DataRow outside = new DataRow(RandomRows.HOUR.endMillis(), new Object[4], new long[7], null);
      assertThatThrownBy(() -> builder.add(outside))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
          .hasMessage(
              "a row of 'events' at 2026-11-20T11:00:00.000Z is outside the segment's interval"
                  + " 2026-11-20T10:00:00.000Z/2026-11-20T11:00:00.000Z; send it to the segment of"
                  + " its own bucket");
      assertThat(builder.finish(directory.resolve("s")).eventCount()).isEqualTo(1);
    }
  }
}
