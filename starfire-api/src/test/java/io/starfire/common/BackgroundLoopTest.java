package io.starfire.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starfire.common.BackgroundLoop.State;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackgroundLoopTest {
  private static final Duration INTERVAL = Duration.ofMinutes(5);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ManualTicker ticker = new ManualTicker();
  private final AtomicInteger steps = new AtomicInteger();
  private final AtomicReference<Throwable> told = new AtomicReference<>();
  private BackgroundLoop loop;

  @AfterEach
  void stop() {
    loop.close();
  }

  private void start(BackgroundLoop.Step step) {
    start(builder(step));
  }

  private void start(BackgroundLoop.Builder builder) {
    loop = builder.build();
    loop.start();
  }

  private BackgroundLoop.Builder builder(BackgroundLoop.Step step) {
    return BackgroundLoop.named("a-loop", step)
        .every(INTERVAL)
        .retryAfter(Duration.ofSeconds(1), Duration.ofSeconds(5))
        .onFailed(told::set)
        .ticker(ticker);
  }

  private void awaitPauses(int count) {
    await().until(() -> ticker.pauses.size() == count);
  }

  @Test
  void aStepIsDoneAtTheStartAfterTheIntervalAndWhenTheLoopIsWoken() {
    start(steps::incrementAndGet);

    awaitPauses(1);
    assertThat(steps).hasValue(1);
    loop.wake();
    awaitPauses(2);

    assertThat(steps).hasValue(2);
    assertThat(ticker.pauses).containsOnly(INTERVAL);
    assertThat(loop.status().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void aStepThatFailsIsDoneAgainAfterPausesThatGrowToALimitAndThenAfterTheInterval() {
    start(
        () -> {
          if (steps.incrementAndGet() <= 4) {
            throw new IOException("the disk is away");
          }
        });

    for (int i = 1; i < 6; i++) {
      awaitPauses(i);
      if (i == 4) {
        assertThat(loop.status().state()).isEqualTo(State.RETRYING);
        assertThat(loop.status().problem())
            .hasValueSatisfying(problem -> assertThat(problem).contains("the disk is away"));
        assertThat(loop.status().isAlive()).isTrue();
      }
      loop.wake();
    }
    awaitPauses(6);

    assertThat(ticker.pauses.stream().map(Duration::toSeconds))
        .containsExactly(1L, 2L, 4L, 5L, INTERVAL.toSeconds(), INTERVAL.toSeconds());
    assertThat(loop.status().failures()).isEqualTo(4);
    assertThat(loop.status().problem()).isEmpty();
    assertThat(told).hasValue(null);
  }

  @Test
  void anErrorEndsTheLoopIsInItsStatusAndIsTold() {
    Error error = new OutOfMemoryError("heap");
    start(
        () -> {
          steps.incrementAndGet();
          throw error;
        });

    await().until(() -> told.get() != null);
    loop.wake();

    assertThat(loop.stop(LONG)).isTrue();
    assertThat(steps).hasValue(1);
    assertThat(told).hasValue(error);
    assertThat(loop.cause()).containsSame(error);
    assertThat(loop.status().state()).isEqualTo(State.FAILED);
    assertThat(loop.status().isAlive()).isFalse();
    assertThat(loop.status().problem()).contains(error.toString());
  }

  @Test
  void anExceptionThatTheOwnerCallsFatalEndsTheLoopToo() {
    start(
        builder(
                () -> {
                  throw new StarfireException(ErrorCode.CORRUPT, "the file is torn");
                })
            .fatalIf(e -> e instanceof StarfireException));

    await().until(() -> told.get() != null);

    assertThat(loop.status().state()).isEqualTo(State.FAILED);
    assertThat(loop.status().problem()).contains("the file is torn");
  }

  @Test
  void anOwnerThatFailsWhenItIsToldHidesNothing() {
    start(
        builder(
                () -> {
                  throw new StackOverflowError();
                })
            .onFailed(
                cause -> {
                  throw new IllegalStateException("cannot tell");
                }));

    await().until(() -> !loop.status().isAlive() && loop.stop(LONG));

    assertThat(loop.status().state()).isEqualTo(State.FAILED);
  }

  @Test
  void aStepThatHangsDoesNotHoldTheStopUpAndIsInterruptedIfTheOwnerWantsIt() {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    start(
        builder(
                () -> {
                  begun.countDown();
                  never.await();
                })
            .interruptAtStop());
    await().until(() -> begun.getCount() == 0);
    ticker.nanos.addAndGet(Duration.ofSeconds(7).toNanos());
    assertThat(loop.status().inStep()).isEqualTo(Duration.ofSeconds(7));

    loop.stop(Duration.ofMillis(50));

    await().until(() -> loop.status().state() == State.STOPPED);
  }

  @Test
  void aStepThatHangsIsNotInterruptedOtherwise() {
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    start(
        () -> {
          begun.countDown();
          end.await();
          steps.incrementAndGet();
        });
    await().until(() -> begun.getCount() == 0);

    assertThat(loop.stop(Duration.ofMillis(50))).isFalse();
    end.countDown();

    assertThat(loop.stop(LONG)).isTrue();
    assertThat(steps).hasValue(1);
  }

  @Test
  void aLoopThatWasNeverStartedStops() {
    loop = builder(steps::incrementAndGet).build();

    assertThat(loop.stop(LONG)).isTrue();
    assertThat(loop.status().state()).isEqualTo(State.STOPPED);
  }

  @Test
  void aStepMayEndItsLoopAndWhatComesAtTheEndIsDoneOnce() {
    List<String> done = new CopyOnWriteArrayList<>();
    start(
        builder(
                () -> {
                  done.add("step");
                  loop.requestStop();
                })
            .atEnd(() -> done.add("end")));

    await().until(() -> loop.status().state() == State.STOPPED);

    assertThat(done).containsExactly("step", "end");
  }

  @Test
  void whatComesAtTheEndIsDoneAfterAnErrorTooAndItsFailureIsSeen() {
    start(
        builder(
                () -> {
                  throw new OutOfMemoryError();
                })
            .atEnd(
                () -> {
                  throw new IOException("cannot close");
                }));

    await().until(() -> told.get() instanceof IOException);

    assertThat(loop.status().state()).isEqualTo(State.FAILED);
    assertThat(loop.status().failures()).isEqualTo(2);
  }

  @Test
  void aSentenceIsLoggedWhenItChangesAndNotOtherwise() {
    try (LogLines lines = LogLines.of(BackgroundLoop.class)) {
      List<String> sentences = List.of("a", "a", "b", "b", "a");
      start(
          () -> {
            int number = steps.getAndIncrement();
            if (number < sentences.size()) {
              throw new StarfireException(ErrorCode.UNAVAILABLE, sentences.get(number));
            }
          });
      for (int i = 1; i <= sentences.size(); i++) {
        awaitPauses(i);
        loop.wake();
      }
      awaitPauses(6);

      assertThat(lines.all())
          .containsExactly(
              "a-loop failed and is tried again: a",
              "a-loop failed and is tried again: b",
              "a-loop failed and is tried again: a",
              "a-loop works again after 5 failures");
    }
  }
}
