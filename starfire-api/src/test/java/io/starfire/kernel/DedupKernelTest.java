package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DedupKernelTest {
  private final MemoryWindowBuffer buffer = new MemoryWindowBuffer();
  private final List<String> ends = new ArrayList<>();
  private final List<String> passed = new ArrayList<>();
  private final DedupKernel dedup =
      new DedupKernel(
          new BufferedState(buffer, 0),
          new Counter(),
          (identity, timeMillis, value) ->
              passed.add(timeMillis + " " + new String(value, StandardCharsets.UTF_8)));

  @Test
  void theFirstOfAnIdentityAndTimePassesAndTheOthersAreDuplicates() {
    dedup.event(0, bytes("i"), 10, bytes("a"));
    dedup.event(0, bytes("i"), 10, bytes("a"));
    dedup.event(0, bytes("j"), 10, bytes("a"));
    assertThat(passed).containsExactly("10 a", "10 a");
    assertThat(ends).containsExactly("EMITTED 10", "DUPLICATE 10", "EMITTED 10");
  }

  @Test
  void aCopyWithOtherContentIsAConflictingDuplicate() {
    dedup.event(0, bytes("i"), 10, bytes("a"));
    dedup.event(0, bytes("i"), 10, bytes("b"));
    assertThat(passed).containsExactly("10 a");
    assertThat(ends).containsExactly("EMITTED 10", "DUPLICATE 10", "CONFLICTING_DUPLICATE 10");
  }

  @Test
  void theSameIdentityAtAnotherTimeIsCountedAndKept() {
    dedup.event(0, bytes("i"), 10, bytes("a"));
    dedup.event(0, bytes("i"), 11, bytes("a"));
    assertThat(passed).containsExactly("10 a", "11 a");
    assertThat(ends).containsExactly("EMITTED 10", "IDENTITY_CONFLICT 11", "EMITTED 11");
  }

  @Test
  void aNullIdentityIsNeverADuplicateAndIsNotHeld() {
    dedup.event(0, null, 10, bytes("a"));
    dedup.event(0, null, 10, bytes("a"));
    assertThat(passed).hasSize(2);
    assertThat(buffer.size()).isZero();
  }

  @Test
  void anIdentityIsHeldUntilTheWatermarkIsAboveItsTime() {
    dedup.event(0, bytes("i"), 10, bytes("a"));
    dedup.advanceTo(10);
    dedup.event(0, bytes("i"), 10, bytes("a"));
    dedup.advanceTo(11);
    assertThat(buffer.size()).isZero();
    assertThat(passed).containsExactly("10 a");
    assertThat(ends).containsExactly("EMITTED 10", "DUPLICATE 10");
  }

  @Test
  void manyThatFallDueAtOnceAllLeave() {
    for (int i = 0; i < 1000; i++) {
      dedup.event(0, bytes("i" + i), i % 3, bytes("a"));
    }
    dedup.advanceTo(2);
    assertThat(buffer.size()).isEqualTo(2 * 333);
    dedup.advanceTo(3);
    assertThat(buffer.size()).isZero();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private final class Counter implements OutcomeCounter {
    @Override
    public void count(Outcome outcome, long timeMillis) {
      ends.add(outcome + " " + timeMillis);
    }

    @Override
    public void count(Anomaly anomaly, long timeMillis) {
      ends.add(anomaly + " " + timeMillis);
    }
  }
}
