package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which part of a log is needed. Turns stand at the offsets 10, 20, ...; a second is 1,024 ms. */
class LogNeedTest {
  private static final long SECOND = 1_024;

  private final LogNeed need = new LogNeed();

  @Test
  void allOfALogIsNeededUntilTheEventsBeforeItsFirstTurnAreNot() {
    need.event(SECOND);
    need.turn(10, SECOND);
    need.turn(20, 2 * SECOND - 1);
    assertThat(need.low()).isZero();
    need.turn(30, 2 * SECOND);
    assertThat(need.low()).isEqualTo(30);
  }

  @Test
  void theTurnBeforeTheOldestEventThatIsNeededIsNeededToo() {
    need.turn(10, 0);
    need.event(5 * SECOND);
    need.turn(20, SECOND);
    need.event(6 * SECOND);
    need.turn(30, 2 * SECOND);
    assertThat(need.low()).isEqualTo(10);
    need.turn(40, 6 * SECOND);
    assertThat(need.low()).isEqualTo(20);
  }

  @Test
  void aLaterEventThatIsNeededForAShorterTimeChangesNothing() {
    need.turn(10, 0);
    need.event(9 * SECOND);
    need.turn(20, SECOND);
    need.event(3 * SECOND);
    need.turn(30, 4 * SECOND);
    assertThat(need.low()).isEqualTo(10);
    need.turn(40, 10 * SECOND);
    assertThat(need.low()).isEqualTo(40);
  }

  @Test
  void aTurnThatIsBehindTheOneBeforeIsNoPlaceToBegin() {
    need.turn(10, 2 * SECOND);
    need.turn(20, SECOND);
    assertThat(need.low()).isEqualTo(10);
  }
}
