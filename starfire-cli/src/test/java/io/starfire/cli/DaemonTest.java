package io.starfire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DaemonTest {
  @Test
  void aServiceIsWaitedForUntilItEnds() throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    assertThat(Daemon.runToEnd(atMost -> looks.incrementAndGet() == 3, () -> null)).isZero();
    assertThat(looks).hasValue(3);
  }

  @Test
  void theReasonOfAServiceThatFailedIsThrown() {
    StarfireException failure = new StarfireException(ErrorCode.UNAVAILABLE, "the broker is gone");
    assertThatThrownBy(() -> Daemon.runToEnd(atMost -> true, () -> failure)).isSameAs(failure);
  }

  @Test
  void anAddressOfHealthIsPrintedOnlyIfThereIsAPort() {
    assertThat(Daemon.healthAt(-1)).isEmpty();
    assertThat(Daemon.healthAt(8890)).isEqualTo("health and metrics at http://127.0.0.1:8890; ");
  }
}
