package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.api.Window;
import io.starfire.event.Anomaly;
import io.starfire.event.Outcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinKernelTest {
  private static final Window WINDOW = Window.around(Duration.ofMillis(5), Duration.ofMillis(10));

  private final MemoryWindowBuffer buffer = new MemoryWindowBuffer();
  private final List<String> results = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private final List<String> orphans = new ArrayList<>();

  @Test
  void bothEndsOfTheWindowAreClosed() {
    JoinKernel join = kernel(false);
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 94, bytes("too early"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 95, bytes("start"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 110, bytes("end"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 111, bytes("too late"));
    join.advanceTo(1000);
    assertThat(results).containsExactly("100 p [start, end]");
    assertThat(ends)
        .containsExactlyInAnyOrder(
            "primary EMITTED 100",
            "secondary MATCHED 95",
            "secondary MATCHED 110",
            "secondary ORPHAN 94",
            "secondary ORPHAN 111");
    assertThat(orphans).containsExactly("94 too early", "111 too late");
  }

  @Test
  void aResultComesOnceTheWatermarkIsStrictlyAboveTheEndOfTheWindow() {
    JoinKernel join = kernel(false);
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.advanceTo(110);
    assertThat(results).isEmpty();
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 110, bytes("s"));
    join.advanceTo(111);
    assertThat(results).containsExactly("100 p [s]");
  }

  @Test
  void completingOnFirstDoesNotWaitWhicheverSideComesFirst() {
    JoinKernel join = kernel(true);
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 104, bytes("s"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 103, bytes("q"));
    assertThat(results).containsExactly("100 p first", "103 q first");
    assertThat(ends)
        .containsExactly("primary EMITTED 100", "secondary MATCHED 104", "primary EMITTED 103");
  }

  @Test
  void theMarkerOfACompletedPrimaryLetsLaterSecondariesMatch() {
    JoinKernel join = kernel(true);
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 100, bytes("one"));
    join.advanceTo(110);
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 110, bytes("two"));
    join.advanceTo(1000);
    assertThat(results).containsExactly("100 p first");
    assertThat(ends)
        .containsExactly("primary EMITTED 100", "secondary MATCHED 100", "secondary MATCHED 110");
    assertThat(buffer.size()).isZero();
  }

  @Test
  void aPrimaryThatNothingMeetsPassesUnmatchedInBothModes() {
    for (boolean first : new boolean[] {false, true}) {
      results.clear();
      JoinKernel join = kernel(first);
      join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
      join.event(JoinKernel.SECONDARY_PORT, bytes("other"), 100, bytes("s"));
      join.advanceTo(111);
      assertThat(results).containsExactly("100 p []");
    }
  }

  @Test
  void primariesAreAMultisetAndSecondariesASet() {
    JoinKernel join = kernel(false);
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 100, bytes("s"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 100, bytes("s"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 101, bytes("s"));
    join.advanceTo(1000);
    assertThat(results).containsExactly("100 p [s, s]", "100 p [s, s]");
    assertThat(ends)
        .containsExactlyInAnyOrder(
            "primary EMITTED 100",
            "primary EMITTED 100",
            "secondary MATCHED 100",
            "secondary MATCHED 101",
            "secondary DUPLICATE 100");
  }

  @Test
  void copiesOfAPrimaryAllCompleteOnTheFirstMatch() {
    JoinKernel join = kernel(true);
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 105, bytes("s"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    assertThat(results).containsExactly("100 p first", "100 p first", "100 p first");
  }

  @Test
  void matchesAreHandedOverByTimeThenBytes() {
    JoinKernel join = kernel(false);
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 103, bytes("a"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 102, bytes("c"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 102, bytes("b"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 102, bytes("\u00e9"));
    join.advanceTo(1000);
    assertThat(results).containsExactly("100 p [b, c, \u00e9, a]");
  }

  @Test
  void nullKeysPassAsPrimariesAndEndAsSecondaries() {
    JoinKernel join = kernel(true);
    join.event(JoinKernel.PRIMARY_PORT, null, 100, bytes("p"));
    join.event(JoinKernel.SECONDARY_PORT, null, 100, bytes("s"));
    assertThat(results).containsExactly("100 p []");
    assertThat(ends).containsExactly("primary EMITTED 100", "secondary NULL_KEY 100");
    assertThat(buffer.size()).isZero();
  }

  @Test
  void anEmptyKeyIsAKeyAndNoKeyIsAPrefixOfAnother() {
    JoinKernel join = kernel(false);
    join.event(JoinKernel.PRIMARY_PORT, bytes(""), 100, bytes("empty"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("short"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k\0\0\0\0\0\0\0d"), 100, bytes("long"));
    join.event(JoinKernel.SECONDARY_PORT, bytes(""), 100, bytes("s0"));
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 100, bytes("s1"));
    join.advanceTo(1000);
    assertThat(results)
        .containsExactlyInAnyOrder("100 empty [s0]", "100 short [s1]", "100 long []");
  }

  @Test
  void aSecondaryIsHeldAsLongAsAnOnTimePrimaryOrAWaitingOneCanNeedIt() {
    JoinKernel waits = kernel(false);
    waits.event(JoinKernel.SECONDARY_PORT, bytes("k"), 95, bytes("s"));
    waits.advanceTo(100);
    waits.event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    waits.advanceTo(110);
    assertThat(buffer.size()).isEqualTo(4);
    waits.advanceTo(111);
    assertThat(results).containsExactly("100 p [s]");
    assertThat(buffer.size()).isZero();

    JoinKernel first = kernel(true);
    first.event(JoinKernel.SECONDARY_PORT, bytes("k"), 95, bytes("s"));
    first.advanceTo(100);
    assertThat(buffer.size()).isEqualTo(2);
    first.advanceTo(101);
    assertThat(buffer.size()).isZero();
  }

  @Test
  void nothingIsLeftInTheBufferOnceTheWatermarkHasPassedEverything() {
    for (boolean first : new boolean[] {false, true}) {
      JoinKernel join = kernel(first);
      for (int i = 0; i < 2000; i++) {
        join.event(JoinKernel.PRIMARY_PORT, bytes("k" + i % 7), 100 + i % 31, bytes("p" + i));
        join.event(JoinKernel.SECONDARY_PORT, bytes("k" + i % 5), 100 + i % 29, bytes("s" + i));
      }
      join.advanceTo(Long.MAX_VALUE);
      assertThat(buffer.size()).isZero();
    }
    assertThat(results).hasSize(4000);
  }

  @Test
  void aNewKernelOnTheSameBufferGoesOnWhereTheOldOneStopped() {
    kernel(false).event(JoinKernel.PRIMARY_PORT, bytes("k"), 100, bytes("p"));
    kernel(false).event(JoinKernel.SECONDARY_PORT, bytes("k"), 105, bytes("s"));
    kernel(false).advanceTo(111);
    assertThat(results).containsExactly("100 p [s]");
  }

  @Test
  void eventsAtTheVeryStartOfTimeJoin() {
    JoinKernel join = kernel(false);
    join.event(JoinKernel.SECONDARY_PORT, bytes("k"), 0, bytes("s"));
    join.event(JoinKernel.PRIMARY_PORT, bytes("k"), 2, bytes("p"));
    join.advanceTo(13);
    assertThat(results).containsExactly("2 p [s]");
  }

  private JoinKernel kernel(boolean completesOnFirst) {
    return new JoinKernel(
        WINDOW,
        completesOnFirst,
        new BufferedState(buffer, 0),
        counter("primary"),
        counter("secondary"),
        new ResultText());
  }

  private OutcomeCounter counter(String side) {
    return new OutcomeCounter() {
      @Override
      public void count(Outcome outcome, long timeMillis) {
        ends.add(side + " " + outcome + " " + timeMillis);
      }

      @Override
      public void count(Anomaly anomaly, long timeMillis) {
        ends.add(side + " " + anomaly + " " + timeMillis);
      }
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private final class ResultText implements JoinKernel.Output {
    @Override
    public void emit(long timeMillis, byte[] primary, List<byte[]> matches) {
      results.add(
          timeMillis
              + " "
              + text(primary)
              + " "
              + matches.stream().map(JoinKernelTest::text).toList());
    }

    @Override
    public void emitFirst(long timeMillis, byte[] primary) {
      results.add(timeMillis + " " + text(primary) + " first");
    }

    @Override
    public void orphan(long timeMillis, byte[] secondary) {
      orphans.add(timeMillis + " " + text(secondary));
    }
  }
}
