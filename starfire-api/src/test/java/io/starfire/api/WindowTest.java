package io.starfire.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.StarfireException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WindowTest {
  @Test
  void bothEndsAreClosed() {
    Window window = Window.around(Duration.ofMillis(5), Duration.ofMillis(10));
    assertThat(window.contains(100, 94)).isFalse();
    assertThat(window.contains(100, 95)).isTrue();
    assertThat(window.contains(100, 110)).isTrue();
    assertThat(window.contains(100, 111)).isFalse();
    assertThat(Window.after(Duration.ZERO).contains(100, 100)).isTrue();
    assertThat(Window.after(Duration.ZERO).contains(100, 99)).isFalse();
  }

  @Test
  void withoutAFloorNothingMayBeCut() {
    Window asked = Window.around(Duration.ofMinutes(1), Duration.ofHours(2));
    assertThat(asked.accepts(asked)).isTrue();
    assertThat(asked.accepts(asked.limitedTo(Duration.ofHours(1)))).isFalse();
    assertThat(asked.accepts(asked.limitedTo(Duration.ofHours(9)))).isTrue();
  }

  @Test
  void aSideBelowTheFloorIsNotCutAndNoSideGrows() {
    Window asked =
        Window.around(Duration.ofMinutes(1), Duration.ofHours(2))
            .acceptingAtLeast(Duration.ofMinutes(15));
    assertThat(asked.limitedTo(Duration.ofMinutes(15)).before()).isEqualTo(Duration.ofMinutes(1));
    assertThat(asked.accepts(asked.limitedTo(Duration.ofMinutes(15)))).isTrue();
    assertThat(asked.accepts(asked.limitedTo(Duration.ofMinutes(14)))).isFalse();
    assertThat(asked.accepts(Window.around(Duration.ZERO, Duration.ofHours(1)))).isFalse();
    assertThat(asked.accepts(Window.around(Duration.ofMinutes(2), Duration.ofHours(1)))).isFalse();
  }

  @Test
  void sidesAndFloorsOutOfBoundsAreRefused() {
    assertThatThrownBy(() -> Window.after(Duration.ofMillis(-1)))
        .isInstanceOf(StarfireException.class)
        .hasMessage(
            "a window's 'after' must be whole milliseconds between 0 and PT87600H, got PT-0.001S");
    assertThatThrownBy(() -> Window.after(Duration.ofNanos(1_500_000)))
        .hasMessageContaining("whole milliseconds");
    assertThatThrownBy(() -> Window.around(Duration.ofDays(3651), Duration.ZERO))
        .hasMessageContaining("'before'");
    assertThatThrownBy(
            () -> Window.after(Duration.ofHours(2)).acceptingAtLeast(Duration.ofHours(3)))
        .hasMessage("a window's floor must be between 0 and its longer side PT2H, got PT3H");
  }
}
