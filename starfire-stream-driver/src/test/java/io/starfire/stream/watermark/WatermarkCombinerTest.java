package io.starfire.stream.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Pictures: time of the clock goes to the right; {@code W@t} is a watermark that was known at
 * {@code t}, {@code idle@t} an end of the log that was asked for at {@code t}.
 */
final class WatermarkCombinerTest {
  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final Duration GRACE = Duration.ofMillis(500);

  /** Two shuffles, from a stage with two tasks and one with one. */
  private final WatermarkCombiner combiner =
      new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "b"), Set.of(), GRACE);

  private static Mark active(String stage, int partition, int tasks, long watermark, long at) {
    return new Mark(stage, partition, tasks, watermark, watermark, at, Idleness.ACTIVE);
  }

  private static Mark idle(
      String stage, int partition, int tasks, long watermark, long at, long asOf) {
    return idle(stage, partition, tasks, watermark, at, asOf, at);
  }

  private static Mark idle(
      String stage, int partition, int tasks, long watermark, long at, long asOf, long quietSince) {
    return new Mark(
        stage, partition, tasks, watermark, watermark, at, new Idleness(asOf, quietSince));
  }

  private void allIdle(long asOf, long quietSince) {
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, asOf, 1));
    combiner.accept(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, asOf, quietSince));
    combiner.accept(RIGHT, idle("b", 0, 1, 300, 1, asOf, 1));
  }

  @Test
  void theWatermarkIsUnknownUntilEachUpstreamTaskHasBeenHeardOf() {
    assertThat(combiner.accept(LEFT, active("a", 0, 2, 100, 1))).isFalse();
    assertThat(combiner.accept(RIGHT, active("b", 0, 1, 50, 1))).isFalse();
    assertThat(combiner.watermark()).isEqualTo(Mark.UNKNOWN);
    assertThat(combiner.accept(LEFT, active("a", 1, 2, 70, 1))).isTrue();
    assertThat(combiner.watermark()).isEqualTo(50);
  }

  @Test
  void theSlowestUpstreamTaskDecides() {
    combiner.accept(LEFT, active("a", 0, 2, 100, 1));
    combiner.accept(LEFT, active("a", 1, 2, 70, 1));
    combiner.accept(RIGHT, active("b", 0, 1, 50, 1));
    combiner.accept(RIGHT, active("b", 0, 1, 90, 2));
    assertThat(combiner.watermark()).isEqualTo(70);
    combiner.accept(LEFT, active("a", 1, 2, 95, 3));
    assertThat(combiner.watermark()).isEqualTo(90);
  }

  @Test
  void anUpstreamTaskThatKnowsNothingHoldsTheWatermarkBack() {
    combiner.accept(LEFT, active("a", 0, 2, 100, 1));
    combiner.accept(LEFT, active("a", 1, 2, Mark.UNKNOWN, 1));
    combiner.accept(RIGHT, active("b", 0, 1, 50, 1));
    assertThat(combiner.watermark()).isEqualTo(Mark.UNKNOWN);
  }

  @Test
  void aStageThatWritesBothShufflesIsWaitedForOnBoth() {
    WatermarkCombiner self = new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "a"), Set.of(), GRACE);
    self.accept(LEFT, active("a", 0, 1, 100, 1));
    assertThat(self.watermark()).isEqualTo(Mark.UNKNOWN);
    self.accept(RIGHT, active("a", 0, 1, 60, 1));
    assertThat(self.watermark()).isEqualTo(60);
  }

  /**
   *
   *
   * <pre>
   * a0  100@1 ... 200@5 ... 300@9
   * a1   70@1         idle@6
   * b0   90@1 ... 210@4 ... 400@9
   * </pre>
   */
  @Test
  void othersCountOnlyAsFarAsTheyWereKnownWhenThePartitionWasSeenIdle() {
    combiner.accept(LEFT, active("a", 0, 2, 100, 1));
    combiner.accept(LEFT, active("a", 1, 2, 70, 1));
    combiner.accept(RIGHT, active("b", 0, 1, 90, 1));
    combiner.accept(LEFT, active("a", 0, 2, 200, 5));
    combiner.accept(RIGHT, active("b", 0, 1, 210, 4));
    assertThat(combiner.watermark()).isEqualTo(70);
    combiner.accept(LEFT, active("a", 0, 2, 300, 9));
    combiner.accept(RIGHT, active("b", 0, 1, 400, 9));
    combiner.accept(LEFT, idle("a", 1, 2, 70, 1, 6));
    assertThat(combiner.watermark()).isEqualTo(200);
    combiner.accept(LEFT, idle("a", 1, 2, 70, 1, 9));
    assertThat(combiner.watermark()).isEqualTo(300);
  }

  @Test
  void aPartitionThatComesBackHoldsTheWatermarkWithoutLoweringIt() {
    combiner.accept(LEFT, active("a", 0, 2, 100, 1));
    combiner.accept(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, 2));
    combiner.accept(RIGHT, active("b", 0, 1, 100, 1));
    assertThat(combiner.watermark()).isEqualTo(100);
    combiner.accept(LEFT, active("a", 1, 2, 40, 3));
    combiner.accept(LEFT, active("a", 0, 2, 500, 4));
    combiner.accept(RIGHT, active("b", 0, 1, 500, 4));
    assertThat(combiner.watermark()).isEqualTo(100);
    combiner.accept(LEFT, active("a", 1, 2, 300, 5));
    assertThat(combiner.watermark()).isEqualTo(300);
  }

  /**
   *
   *
   * <pre>
   * a0  100@1 ........................ idle
   * a1         last record at 1000 ... idle
   * b0  300@1 ........................ idle
   *             |-- grace 500 --|
   *            1000           1500
   * </pre>
   */
  @Test
  void whenAllAreIdleTheWatermarkGoesToTheHighestAndWaitsForTheGrace() {
    allIdle(1_000, 1_000);
    assertThat(combiner.watermark()).isEqualTo(300);
    allIdle(1_500, 1_000);
    assertThat(combiner.watermark()).isEqualTo(300);
    allIdle(1_700, 1_000);
    assertThat(combiner.watermark()).as("the time beyond the grace").isEqualTo(500);
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 2_000, 1));
    combiner.accept(RIGHT, idle("b", 0, 1, 300, 1, 2_000, 1));
    assertThat(combiner.watermark()).as("a1 was last seen idle at 1700").isEqualTo(500);
  }

  @Test
  void aRecordEndsASilenceAndTheNextOneGoesOnFromWhereTheWatermarkWas() {
    allIdle(1_700, 1_000);
    assertThat(combiner.watermark()).isEqualTo(500);
    combiner.accept(LEFT, active("a", 1, 2, 200, 1_900));
    assertThat(combiner.watermark()).isEqualTo(500);
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 90_000, 1));
    combiner.accept(RIGHT, idle("b", 0, 1, 300, 1, 90_000, 1));
    assertThat(combiner.watermark()).as("no time passes while a1 is active").isEqualTo(500);
    combiner.accept(LEFT, idle("a", 1, 2, 200, 1_900, 90_000, 89_000));
    assertThat(combiner.watermark()).as("500 beyond the grace").isEqualTo(1_000);
  }

  @Test
  void aSilenceGoesOnOverARestart() {
    allIdle(1_200, 1_000);
    WatermarkCombiner restored =
        new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "b"), Set.of(), GRACE);
    restored.restore(LEFT, idle("a", 0, 2, 100, 1, 1_200, 1));
    restored.restore(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, 1_200, 1_000));
    restored.restore(RIGHT, idle("b", 0, 1, 300, 1, 1_200, 1));
    restored.restore(combiner.state());
    restored.accept(LEFT, active("a", 0, 2, 100, 1));
    restored.accept(RIGHT, active("b", 0, 1, 300, 1));
    assertThat(restored.watermark()).isEqualTo(300);
    restored.accept(LEFT, idle("a", 0, 2, 100, 1, 3_000, 1));
    restored.accept(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, 3_000, 1_000));
    restored.accept(RIGHT, idle("b", 0, 1, 300, 1, 3_000, 1));
    assertThat(restored.watermark()).isEqualTo(300 + 1_500);
    restored.accept(RIGHT, active("b", 0, 1, 300, 1));
    restored.accept(RIGHT, idle("b", 0, 1, 300, 1, 3_100, 1));
    assertThat(restored.watermark()).as("it is not counted twice").isEqualTo(300 + 1_500);
  }

  @Test
  void whatASilenceHasMovedIsToldApartFromWhatEventsHaveMoved() {
    allIdle(1_700, 1_000);
    assertThat(combiner.watermark()).isEqualTo(500);
    assertThat(combiner.isLateBySilence(299)).isFalse();
    assertThat(combiner.isLateBySilence(300)).isTrue();
    assertThat(combiner.isLateBySilence(499)).isTrue();
    assertThat(combiner.isLateBySilence(500)).isFalse();
    combiner.accept(LEFT, active("a", 0, 2, 450, 1_800));
    combiner.accept(LEFT, active("a", 1, 2, 450, 1_800));
    combiner.accept(RIGHT, active("b", 0, 1, 450, 1_800));
    assertThat(combiner.isLateBySilence(449)).isFalse();
    assertThat(combiner.isLateBySilence(450)).isTrue();
  }

  @Test
  void aStageBelowHearsWhatASilenceHasMoved() {
    Mark moved = new Mark("a", 0, 1, 500, 300, 10, Idleness.ACTIVE);
    WatermarkCombiner below = new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "b"), Set.of(), GRACE);
    below.accept(LEFT, moved);
    below.accept(RIGHT, idle("b", 0, 1, 200, 1, 1_000));
    assertThat(below.watermark()).isEqualTo(500);
    assertThat(below.isLateBySilence(299)).isFalse();
    assertThat(below.isLateBySilence(300)).isTrue();
  }

  @Test
  void nothingIsKnownOfAPipelineThatNeverHadAnEvent() {
    combiner.accept(LEFT, idle("a", 0, 2, Mark.UNKNOWN, 1, 1_000));
    combiner.accept(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, 1_000));
    combiner.accept(RIGHT, idle("b", 0, 1, Mark.UNKNOWN, 1, 1_000));
    assertThat(combiner.watermark()).isEqualTo(Mark.UNKNOWN);
  }

  @Test
  void otherRawPartitionsDecideWhenAllOwnInputsAreIdle() {
    WatermarkCombiner one = new WatermarkCombiner(Map.of(LEFT, "a"), Set.of("c"), GRACE);
    one.accept(LEFT, idle("a", 0, 1, 100, 1, 1_000));
    assertThat(one.watermark()).as("nothing is known of c yet").isEqualTo(Mark.UNKNOWN);
    one.accept(LEFT, active("c", 0, 1, 150, 900));
    assertThat(one.watermark()).isEqualTo(150);
    one.accept(LEFT, active("c", 0, 1, 180, 1_100));
    assertThat(one.watermark()).as("known after a was seen idle").isEqualTo(150);
    one.accept(LEFT, idle("a", 0, 1, 100, 1, 99_000));
    assertThat(one.watermark()).as("no time passes while c is active").isEqualTo(180);
    one.accept(LEFT, idle("c", 0, 1, 180, 1_100, 99_000, 98_800));
    one.accept(LEFT, idle("a", 0, 1, 100, 1, 99_500));
    one.accept(LEFT, idle("c", 0, 1, 180, 1_100, 99_400, 98_800));
    assertThat(one.watermark()).as("100 beyond the grace").isEqualTo(280);
  }

  @Test
  void otherRawPartitionsDoNotHoldBackAStageWhoseInputsAreActive() {
    WatermarkCombiner one = new WatermarkCombiner(Map.of(LEFT, "a"), Set.of("c"), GRACE);
    one.accept(LEFT, active("a", 0, 1, 100, 1));
    one.accept(LEFT, active("c", 0, 1, 10, 1));
    assertThat(one.watermark()).isEqualTo(100);
  }

  @Test
  void aRestoredCombinerGoesOnFromTheCommittedWatermark() {
    combiner.accept(LEFT, active("a", 0, 2, 100, 1));
    combiner.accept(LEFT, active("a", 1, 2, 70, 1));
    combiner.accept(RIGHT, active("b", 0, 1, 50, 1));
    WatermarkCombiner restored =
        new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "b"), Set.of(), GRACE);
    restored.restore(LEFT, active("a", 0, 2, 100, 1));
    restored.restore(LEFT, active("a", 1, 2, 70, 1));
    restored.restore(RIGHT, active("b", 0, 1, 50, 1));
    restored.restore(combiner.state());
    assertThat(restored.watermark()).isEqualTo(50);
    restored.accept(RIGHT, active("b", 0, 1, 80, 9));
    assertThat(restored.watermark()).isEqualTo(70);
  }

  @Test
  void aMarkOfAStageThatDoesNotWriteTheShuffleIsRefused() {
    assertThatThrownBy(() -> combiner.accept(LEFT, active("b", 0, 1, 1, 1)))
        .hasMessage("stage 'b' does not write 'left', which is written by 'a'");
  }

  @Test
  void whatWasForgottenOfALongHistoryOnlyLowersTheAnswer() {
    WatermarkHistory history = new WatermarkHistory();
    for (int i = 0; i < 10_000; i++) {
      history.add(i, i * 10L);
    }
    assertThat(history.latest()).isEqualTo(99_990);
    for (int at = 0; at < 10_000; at += 7) {
      assertThat(history.asKnownAt(at)).isLessThanOrEqualTo(at * 10L);
    }
    assertThat(history.asKnownAt(9_990)).isGreaterThan(99_000);
  }

  /**
   * Random appends to a few partitions, read with random delays, with silences now and then. An
   * event is on time if it is not below the highest event time appended before it, less the
   * lateness, nor below what a silence had made of that. None may find a watermark above it, and
   * none is late by a silence within the grace.
   */
  @Test
  void noOnTimeEventIsEverBelowTheWatermark() {
    long seed = Long.getLong("starfire.seed", 42);
    int moved = 0;
    for (int run = 0; run < 150; run++) {
      try {
        moved += new Appends(new Random(seed + run)).run();
      } catch (AssertionError e) {
        throw new AssertionError("starfire.seed=" + (seed + run), e);
      }
    }
    assertThat(moved).as("runs in which a silence moved the watermark").isGreaterThan(10);
  }

  /** Logs, their readers, and one task below that hears of them. */
  private static final class Appends {
    private static final int GRACE_MILLIS = 500;

    private final Random random;
    private final int partitions;
    private final long lateness;
    private final List<List<Long>> logs = new ArrayList<>();
    private final int[] positions;
    private final long[] watermarks;
    private final long[] knownAt;
    private final long[] quietSince;
    private WatermarkCombiner combiner = combiner();
    private long highest = 10_000;
    private long lastAppend;
    private long bySilence = Mark.UNKNOWN;

    private Appends(Random random) {
      this.random = random;
      partitions = 1 + random.nextInt(4);
      lateness = random.nextInt(200);
      positions = new int[partitions];
      watermarks = new long[partitions];
      knownAt = new long[partitions];
      quietSince = new long[partitions];
      for (int i = 0; i < partitions; i++) {
        logs.add(new ArrayList<>());
        watermarks[i] = Mark.UNKNOWN;
      }
    }

    private static WatermarkCombiner combiner() {
      return new WatermarkCombiner(Map.of(LEFT, "a"), Set.of(), Duration.ofMillis(GRACE_MILLIS));
    }

    /** Gives 1 if a silence moved the watermark. */
    private int run() {
      boolean silent = false;
      int busy = random.nextInt(partitions);
      for (int clock = 1; clock < 6_000; clock++) {
        if (random.nextInt(800) == 0) {
          silent = !silent;
        }
        int partition = random.nextInt(partitions);
        if (!silent && (partition == busy || random.nextInt(40) == 0)) {
          append(partition, clock);
        }
        read(random.nextInt(partitions), clock);
        if (random.nextInt(500) == 0) {
          restart();
        }
      }
      assertThat(combiner.watermark()).isGreaterThan(10_000);
      return combiner.state().silence().watermark() != Mark.UNKNOWN
              && combiner.watermark() > combiner.state().withoutSilence()
          ? 1
          : 0;
    }

    private void append(int partition, int clock) {
      long beyond = clock - lastAppend - GRACE_MILLIS;
      if (lastAppend > 0 && beyond > 0) {
        bySilence = Math.max(bySilence, highest - lateness) + beyond;
      }
      long time =
          Math.max(
              bySilence, highest - (long) (random.nextDouble() * lateness) + random.nextInt(30));
      logs.get(partition).add(time);
      highest = Math.max(highest, time);
      lastAppend = clock;
    }

    private void read(int reader, int clock) {
      List<Long> log = logs.get(reader);
      for (int i = random.nextInt(4); i > 0 && positions[reader] < log.size(); i--) {
        long time = log.get(positions[reader]++);
        assertThat(time).isGreaterThanOrEqualTo(combiner.watermark());
        quietSince[reader] = clock;
        if (time - lateness > watermarks[reader]) {
          watermarks[reader] = time - lateness;
          knownAt[reader] = clock;
        }
      }
      boolean idle = positions[reader] == log.size() && clock - quietSince[reader] > 5;
      combiner.accept(
          LEFT,
          new Mark(
              "a",
              reader,
              partitions,
              watermarks[reader],
              watermarks[reader],
              knownAt[reader],
              idle ? new Idleness(clock, quietSince[reader]) : Idleness.ACTIVE));
    }

    /** The task starts anew with what it had stored. */
    private void restart() {
      WatermarkCombiner.State stored = combiner.state();
      combiner = combiner();
      combiner.restore(stored);
    }
  }
}
