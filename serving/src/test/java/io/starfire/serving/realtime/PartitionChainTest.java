package io.starfire.serving.realtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.Interval;
import io.starfire.event.DataRow;
import io.starfire.serving.SegmentFiles;
import io.starfire.serving.role.LivePiece;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class PartitionChainTest {
  private static final long NOW = 1_000;

  private static final RealtimeSettings SETTINGS =
      RealtimeSettings.builder(Path.of("unused"), Map.of("bootstrap.servers", "none:1")).build();

  private final PartitionChain chain = new PartitionChain(0, 10);
  private final List<PartitionChain.Appended> counted = new ArrayList<>();

  private static DecodedRecord record(long offset, Object publisher) {
    DataRow row =
        new DataRow(
            SegmentFiles.hour(10).startMillis(), new Object[] {publisher}, new long[2], null);
    return new DecodedRecord(
        new ConsumerRecord<>("ads", 0, offset, null, new byte[1]),
        new RowDecoder.Decoded(row, SegmentFiles.SCHEMA),
        Optional.empty());
  }

  private static List<String> failing(Supplier<String> get) {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        return get.get();
      }

      @Override
      public int size() {
        return 2;
      }
    };
  }

  private long visibleEvents() {
    long events = 0;
    for (LivePiece piece : chain.snapshot(OptionalLong.empty(), Interval.ETERNITY)) {
      try (piece) {
        events += piece.rows().eventCount();
      }
    }
    return events;
  }

  @Test
  void aBatchOfWhichARowFailsIsReadOnFromThatRow() {
    List<String> failing =
        failing(
            () -> {
              throw new IllegalStateException("a defect");
            });
    PartitionChain.Appended appended =
        chain
            .append(
                0,
                List.of(record(10, "a"), record(14, failing), record(15, "b")),
                16,
                NOW,
                counted::add)
            .orElseThrow();
    assertThat(appended.failure().orElseThrow()).hasMessage("a defect");
    assertThat(appended.events()).isEqualTo(1);
    assertThat(chain.position()).isEqualTo(11);
    assertThat(visibleEvents()).isEqualTo(1);
    assertThat(chain.append(0, List.of(record(14, "c"), record(15, "b")), 16, NOW, counted::add))
        .isPresent();
    assertThat(chain.position()).isEqualTo(16);
    assertThat(visibleEvents()).isEqualTo(3);
  }

  @Test
  void whoSeesThePositionFindsTheRowsBelowItCounted() {
    var unused =
        chain.append(
            0,
            List.of(record(10, "a"), record(11, "b")),
            12,
            NOW,
            appended -> {
              // Another thread waits for the lock until the count is right.
              assertThat(Thread.holdsLock(chain)).isTrue();
              counted.add(appended);
            });
    assertThat(counted).extracting(PartitionChain.Appended::events).containsExactly(2);
  }

  @Test
  void nothingIsHandedOffOfAChainThatAnErrorMayHaveTorn() {
    List<String> failing =
        failing(
            () -> {
              throw new OutOfMemoryError("no room");
            });
    List<DecodedRecord> records = List.of(record(10, "a"), record(11, failing), record(12, "b"));
    assertThatThrownBy(() -> chain.append(0, records, 13, NOW, counted::add))
        .isInstanceOf(OutOfMemoryError.class);
    chain.sealIf(piece -> true);
    chain.requestHandOff();
    assertThat(chain.handOffRange(SETTINGS, NOW)).isEmpty();
    assertThat(chain.awaitingPersist()).as("sealed pieces").isZero();
    assertThat(chain.append(0, List.of(record(11, "c")), 12, NOW, counted::add)).isEmpty();
    assertThat(chain.position()).isEqualTo(11);
  }
}
