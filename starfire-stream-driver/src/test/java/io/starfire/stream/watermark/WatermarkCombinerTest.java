package io.starfire.stream.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  /** Two shuffles, from a stage with two tasks and one with one. */
  private final WatermarkCombiner combiner =
      new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "b"), Set.of());

  private static Mark active(String stage, int partition, int tasks, long watermark, long at) {
    return new Mark(stage, partition, tasks, watermark, at, Mark.ACTIVE);
  }

  private static Mark idle(
      String stage, int partition, int tasks, long watermark, long at, long asOf) {
    return new Mark(stage, partition, tasks, watermark, at, asOf);
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
    WatermarkCombiner self = new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "a"), Set.of());
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

  @Test
  void whenAllAreIdleTheWatermarkAdvancesFromTheHighestByTheTimeThatPasses() {
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 1_000));
    combiner.accept(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, 1_000));
    combiner.accept(RIGHT, idle("b", 0, 1, 300, 1, 1_000));
    assertThat(combiner.watermark()).isEqualTo(300);
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 1_700));
    combiner.accept(RIGHT, idle("b", 0, 1, 300, 1, 1_600));
    assertThat(combiner.watermark()).as("a1 was last seen idle at 1000").isEqualTo(300);
    combiner.accept(LEFT, idle("a", 1, 2, Mark.UNKNOWN, 1, 1_800));
    assertThat(combiner.watermark()).isEqualTo(900);
  }

  @Test
  void timeDuringWhichSomePartitionWasActiveDoesNotCount() {
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 1_000));
    combiner.accept(LEFT, idle("a", 1, 2, 100, 1, 1_000));
    combiner.accept(RIGHT, idle("b", 0, 1, 100, 1, 1_000));
    combiner.accept(RIGHT, active("b", 0, 1, 100, 1));
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 90_000));
    combiner.accept(LEFT, idle("a", 1, 2, 100, 1, 90_000));
    combiner.accept(RIGHT, idle("b", 0, 1, 100, 1, 90_000));
    assertThat(combiner.watermark()).isEqualTo(100);
    combiner.accept(LEFT, idle("a", 0, 2, 100, 1, 90_010));
    combiner.accept(LEFT, idle("a", 1, 2, 100, 1, 90_010));
    combiner.accept(RIGHT, idle("b", 0, 1, 100, 1, 90_010));
    assertThat(combiner.watermark()).isEqualTo(110);
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
    WatermarkCombiner one = new WatermarkCombiner(Map.of(LEFT, "a"), Set.of("c"));
    one.accept(LEFT, idle("a", 0, 1, 100, 1, 1_000));
    assertThat(one.watermark()).as("nothing is known of c yet").isEqualTo(Mark.UNKNOWN);
    one.accept(LEFT, active("c", 0, 1, 150, 900));
    assertThat(one.watermark()).isEqualTo(150);
    one.accept(LEFT, active("c", 0, 1, 180, 1_100));
    assertThat(one.watermark()).as("known after a was seen idle").isEqualTo(150);
    one.accept(LEFT, idle("a", 0, 1, 100, 1, 99_000));
    assertThat(one.watermark()).as("no time passes while c is active").isEqualTo(180);
    one.accept(LEFT, idle("c", 0, 1, 180, 1_100, 99_000));
    one.accept(LEFT, idle("a", 0, 1, 100, 1, 99_500));
    one.accept(LEFT, idle("c", 0, 1, 180, 1_100, 99_400));
    assertThat(one.watermark()).isEqualTo(580);
  }

  @Test
  void otherRawPartitionsDoNotHoldBackAStageWhoseInputsAreActive() {
    WatermarkCombiner one = new WatermarkCombiner(Map.of(LEFT, "a"), Set.of("c"));
    one.accept(LEFT, active("a", 0, 1, 100, 1));
    one.accept(LEFT, active("c", 0, 1, 10, 1));
    assertThat(one.watermark()).isEqualTo(100);
  }

  @Test
  void aRestoredCombinerGoesOnFromTheCommittedWatermark() {
    combiner.accept(LEFT, active("a", 0, 2, 100, 1));
    combiner.accept(LEFT, active("a", 1, 2, 70, 1));
    combiner.accept(RIGHT, active("b", 0, 1, 50, 1));
    WatermarkCombiner restored = new WatermarkCombiner(Map.of(LEFT, "a", RIGHT, "b"), Set.of());
    restored.restore(LEFT, active("a", 0, 2, 100, 1));
    restored.restore(LEFT, active("a", 1, 2, 70, 1));
    restored.restore(RIGHT, active("b", 0, 1, 50, 1));
    restored.restore(combiner.watermark(), combiner.standstill());
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
   * Random appends to a few partitions, read with random delays. An event is on time if it is not
   * below the highest event time appended before it, less the lateness, and the whole pipeline did
   * not stand still. None may find a watermark above it.
   */
  @Test
  void noOnTimeEventIsEverBelowTheWatermark() {
    long seed = Long.getLong("starfire.seed", 42);
    for (int run = 0; run < 300; run++) {
      try {
        simulate(new Random(seed + run));
      } catch (AssertionError e) {
        throw new AssertionError("starfire.seed=" + (seed + run), e);
      }
    }
  }

  private static void simulate(Random random) {
    int partitions = 1 + random.nextInt(4);
    long lateness = random.nextInt(200);
    List<List<Long>> logs = new ArrayList<>();
    int[] positions = new int[partitions];
    long[] watermarks = new long[partitions];
    long[] knownAt = new long[partitions];
    WatermarkCombiner combiner = new WatermarkCombiner(Map.of(LEFT, "a"), Set.of());
    for (int i = 0; i < partitions; i++) {
      logs.add(new ArrayList<>());
      watermarks[i] = Mark.UNKNOWN;
    }
    long highest = 10_000;
    int busy = random.nextInt(partitions);
    for (int clock = 1; clock < 2_000; clock++) {
      int partition = random.nextInt(partitions);
      if (partition == busy || random.nextInt(40) == 0) {
        long time = highest - (long) (random.nextDouble() * lateness) + random.nextInt(30);
        logs.get(partition).add(time);
        highest = Math.max(highest, time);
      }
      int reader = random.nextInt(partitions);
      List<Long> log = logs.get(reader);
      for (int i = random.nextInt(4); i > 0 && positions[reader] < log.size(); i--) {
        long time = log.get(positions[reader]++);
        assertThat(time).isGreaterThanOrEqualTo(combiner.watermark());
        if (time - lateness > watermarks[reader]) {
          watermarks[reader] = time - lateness;
          knownAt[reader] = clock;
        }
      }
      // The busy partition never says that it is idle, so that the pipeline does not stand still.
      boolean idle = reader != busy && positions[reader] == log.size();
      combiner.accept(
          LEFT,
          new Mark(
              "a",
              reader,
              partitions,
              watermarks[reader],
              knownAt[reader],
              idle ? clock : Mark.ACTIVE));
    }
    assertThat(combiner.watermark()).isGreaterThan(10_000);
  }
}
