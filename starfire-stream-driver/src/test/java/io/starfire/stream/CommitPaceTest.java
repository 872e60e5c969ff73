package io.starfire.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CommitPaceTest {
  private long nowMillis;
  private final CommitPace pace =
      new CommitPace(Duration.ofMillis(100), () -> Duration.ofMillis(nowMillis).toNanos());

  private void commitWithin(long tookMillis) {
    pace.begins();
    nowMillis += tookMillis;
    pace.committed();
  }

  @Test
  void aThreadThatHasCaughtUpCommitsAfterAQuarterOfTheInterval() {
    pace.polled(50);
    commitWithin(5);
    nowMillis += 24;
    assertThat(pace.isDue()).isFalse();
    nowMillis += 1;
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void aThreadThatIsBehindWaitsForTheInterval() {
    commitWithin(5);
    nowMillis += 90;
    pace.polled(2_000);
    assertThat(pace.isDue()).isFalse();
    pace.polled(20);
    assertThat(pace.isDue()).isTrue();
  }

  @Test
  void aCommitThatTakesLongIsFollowedByALongerRest() {
    pace.polled(50);
    commitWithin(20);
    nowMillis += 59;
    assertThat(pace.isDue()).isFalse();
    nowMillis += 1;
    assertThat(pace.isDue()).isTrue();
  }
}
