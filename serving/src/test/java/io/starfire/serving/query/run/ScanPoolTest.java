package io.starfire.serving.query.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.model.QueryContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Whose work comes first, and when it has ended. */
class ScanPoolTest {
  private static final long LONG = Long.MAX_VALUE;

  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
  private final List<String> done = Collections.synchronizedList(new ArrayList<>());

  private QueryRun run(ScanPool pool, int priority) {
    return new QueryRun(
        control, QueryResources.of(pool), new QueryContext(Map.of("priority", priority)));
  }

  /** Occupies the only thread until the latch is at 0. */
  private static ScanPool.Task<Integer> block(ScanPool pool, CountDownLatch latch)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    ScanPool.Task<Integer> task =
        pool.share(100)
            .submit(
                () -> {
                  begun.countDown();
                  latch.await();
                  return 0;
                });
    begun.await();
    return task;
  }

  private Callable<Integer> note(String name) {
    return () -> {
      done.add(name);
      return 0;
    };
  }

  @Test
  void workOfLowPriorityWaitsBehindThatOfHighPriority() throws Exception {
    try (ScanPool pool = new ScanPool(1)) {
      CountDownLatch latch = new CountDownLatch(1);
      ScanPool.Task<Integer> blocking = block(pool, latch);
      ScanPool.Share low = pool.share(-1);
      ScanPool.Share high = pool.share(5);
      low.submit(note("low"));
      ScanPool.Task<Integer> last = low.submit(note("low"));
      high.submit(note("high"));
      high.submit(note("high"));
      latch.countDown();
      assertThat(last.await(LONG)).isTrue();
      assertThat(blocking.result()).isZero();
      assertThat(done).containsExactly("high", "high", "low", "low");
    }
  }

  @Test
  void queriesOfOnePriorityTakeTurnsHoweverManyPartsTheyHave() throws Exception {
    try (ScanPool pool = new ScanPool(1)) {
      CountDownLatch latch = new CountDownLatch(1);
      ScanPool.Task<Integer> blocking = block(pool, latch);
      ScanPool.Share large = pool.share(0);
      List<ScanPool.Task<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        tasks.add(large.submit(note("large")));
      }
      ScanPool.Share small = pool.share(0);
      small.submit(note("small"));
      small.submitFirst(note("first"));
      latch.countDown();
      assertThat(tasks.get(3).await(LONG)).isTrue();
      assertThat(blocking.result()).isZero();
      assertThat(done).containsExactly("large", "first", "large", "small", "large", "large");
    }
  }

  @Test
  void whatIsBeingScannedHasEndedWhenFurtherScansAreNotTaken() {
    ScanPool pool = new ScanPool(1);
    AtomicInteger running = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    QueryRun run = run(pool, 0);
    assertThatThrownBy(
            () ->
                run.whole(
                    () -> {
                      ScanPool.Task<Integer> task =
                          run.share()
                              .submit(
                                  () -> {
                                    running.incrementAndGet();
                                    begun.countDown();
                                    try {
                                      while (true) {
                                        control.check();
                                        Thread.onSpinWait();
                                      }
                                    } finally {
                                      running.decrementAndGet();
                                    }
                                  });
                      awaitQuietly(begun);
                      pool.close();
                      run.share().submit(() -> 1);
                      return run.await(task);
                    }))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessage("the server is being stopped and scans nothing more");
    assertThat(running).hasValue(0);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aQueryThatIsCancelledWhileItsWorkWaitsEndsWithoutIt() throws Exception {
    try (ScanPool pool = new ScanPool(1)) {
      CountDownLatch latch = new CountDownLatch(1);
      ScanPool.Task<Integer> blocking = block(pool, latch);
      control.cancel();
      // The thread is not free before the query has ended.
      assertThatThrownBy(() -> run(pool, 0).all(List.of(note("never"))))
          .hasMessage("the query was cancelled");
      latch.countDown();
      assertThat(blocking.await(LONG)).isTrue();
      assertThat(done).isEmpty();
    }
  }

  @Test
  void oneFailureEndsTheOthersAndIsThrown() {
    try (ScanPool pool = new ScanPool(2)) {
      Callable<Integer> failing =
          () -> {
            throw new StarfireException(ErrorCode.CAPACITY_EXCEEDED, "no room");
          };
      Callable<Integer> endless =
          () -> {
            while (true) {
              control.check();
              Thread.onSpinWait();
            }
          };
      assertThatThrownBy(() -> run(pool, 0).all(List.of(failing, endless))).hasMessage("no room");
      assertThatThrownBy(control::check).hasMessage("the query was cancelled");
    }
  }

  @Test
  void aScanThatFailsUnexpectedlyNamesNoClass() {
    try (ScanPool pool = new ScanPool(1)) {
      Callable<Integer> defect =
          () -> {
            throw new IllegalStateException("defect");
          };
      assertThatThrownBy(() -> run(pool, 0).all(List.of(defect)))
          .hasMessage("a scan failed; the server's log says why");
    }
  }
}
