package io.starfire.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.DirectoryLock;
import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoPiecesTest {
  private static final List<HourNumbers> OLD = List.of(new HourNumbers(9, 9, 1, 2.5));
  private static final List<HourNumbers> NEW = List.of(new HourNumbers(10, 10, 2, 3.5));
  private static final Interval HOUR = Interval.parse("2026-11-20T10/PT1H");

  @TempDir private Path directory;

  @Test
  void eventTimeRunsFastUntilThePresentAndThenWithTheClock() {
    AtomicLong now = new AtomicLong(1_000_000);
    EventClock clock = new EventClock(() -> java.time.Instant.ofEpochMilli(now.get()), 0, 480);

    assertThat(clock.millis()).isZero();
    now.addAndGet(1_000);
    assertThat(clock.millis()).isEqualTo(480_000);
    now.addAndGet(10_000);
    assertThat(clock.millis()).isEqualTo(now.get());
  }

  @Test
  void aSecondDemonstrationInOneDirectoryIsRefused() {
    try (DirectoryLock first = Demo.lock(directory)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> Demo.lock(directory))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessage(
              "another demonstration runs in '%s'; stop it, or name another directory with --dir",
              directory);
    }
    Demo.lock(directory).close();
  }

  @Test
  void answersAreCountedAndTheFirstOfEachIsDated() {
    AnswerLog log = new AnswerLog();
    log.answered(OLD, 5);
    log.answered(NEW, 9);
    log.answered(NEW, 7);
    log.failed("gone");
    log.failed("gone again");

    assertThat(log.answers()).isEqualTo(3);
    assertThat(log.count(NEW)).isEqualTo(2);
    assertThat(log.firstNanos(NEW)).isEqualTo(7);
    assertThat(log.failures()).isEqualTo(2);
    assertThat(log.firstFailure()).isEqualTo("gone");
    assertThat(log.firstNanos(List.of())).isEqualTo(-1);
  }

  @Test
  void theVerdictNamesEverythingThatIsNotAsItMustBe() {
    DemoRecord record = new DemoRecord(42, HOUR, 0);
    record.truth(NEW);
    record.realtime(NEW);
    record.replacement(replaced(OLD, 100, 100, 0, 3));

    assertThat(record.verdict())
        .isEqualTo(
            "the batch numbers differ from the truth; 3 answers were neither the old nor the new"
                + " one; not both an old and a new answer were seen; only 103 queries were asked;"
                + " the real-time numbers equal the truth, so there was no gap to close");
  }

  @Test
  void theVerdictIsEmptyWhenTheGapWasClosed() {
    DemoRecord record = new DemoRecord(42, HOUR, 0);
    record.truth(NEW);
    record.realtime(OLD);
    record.replacement(replaced(NEW, 300, 200, 100, 0));

    assertThat(record.verdict()).isEmpty();
    assertThat(record.report(5).exact()).isTrue();
    assertThat(record.report(5).hours())
        .containsExactly(
            new DemoReport.Hour("2026-11-20T10:00:00.000Z", NEW.get(0), OLD.get(0), NEW.get(0)));
  }

  private static Replaced replaced(
      List<HourNumbers> batch, long queries, long old, long fresh, long mixed) {
    return new Replaced(batch, queries + mixed, old, fresh, mixed, 0, "", 1, 1, Map.of());
  }
}
