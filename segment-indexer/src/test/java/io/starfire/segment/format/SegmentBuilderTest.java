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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentBuilderTest {
  @TempDir Path directory;

  @Test
  void spillingChangesNothingButTheMemory() throws IOException {
    DataSourceSchema schema = RandomRows.schema(Granularity.FIVE_MINUTE, true);
    RandomRows random = new RandomRows(3);
    NaiveRows naive = new NaiveRows(schema);
    Path spills = directory.resolve("spills");
    Path target = directory.resolve("final.segment");
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, RandomRows.HOUR, new SpillLimits(1000, 1L << 30), spills)) {
      for (DataRow row : random.next(12_000)) {
        builder.add(row);
        naive.add(row);
      }
      assertThat(builder.spilledPieces()).isGreaterThan(5);
      WrittenSegment written = builder.finish(target);
      assertThat(written.eventCount()).isEqualTo(12_000);
      assertThat(written.rowCount()).isEqualTo(naive.rows().size());
      assertThat(written.sizeBytes()).isEqualTo(Files.size(target));
    }
    try (SegmentReader reader = SegmentReader.open(target)) {
      assertThat(NaiveRows.read(reader, 1024)).isEqualTo(naive.sorted());
    }
    assertThat(SegmentCheck.check(target).problems()).isEmpty();
    try (var left = Files.list(spills)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aCallerMaySpillWhenItLikesAndAnIdleBuilderHoldsNothing() {
    DataSourceSchema schema = RandomRows.schema(Granularity.NONE, false);
    RandomRows random = new RandomRows(5);
    try (SegmentBuilder builder =
        new SegmentBuilder(schema, RandomRows.HOUR, SpillLimits.DEFAULT, directory)) {
      builder.spill();
      assertThat(builder.spilledPieces()).isZero();
      random.next(300).forEach(builder::add);
      assertThat(builder.estimatedBytes()).isPositive();
      builder.spill();
      assertThat(builder.estimatedBytes()).isZero();
      random.next(200).forEach(builder::add);
      assertThat(builder.spilledPieces()).isEqualTo(1);
      assertThat(builder.rowCount()).isEqualTo(500);
      builder.spill();
      assertThat(builder.finish(directory.resolve("s")).rowCount()).isEqualTo(500);
    }
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
      assertThat(builder.spilledPieces()).isGreaterThan(1);
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
