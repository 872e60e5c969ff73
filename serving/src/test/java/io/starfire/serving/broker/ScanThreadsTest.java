package io.starfire.serving.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.exec.RowSource;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.sample.ArrayRowSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** When scans have ended. */
class ScanThreadsTest {
  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);

  private static VisibleRows.Visible visible() {
    return new VisibleRows.Visible(
        null,
        null,
        new RowSource(
            "x",
            Interval.ETERNITY,
            new ArrayRowSet(List.of(), Map.of("a", ColumnType.LONG), true),
            List.of(Interval.ETERNITY)));
  }

  @Test
  void whatIsBeingScannedHasEndedWhenFurtherScansAreNotTaken() throws Exception {
    ScanThreads threads = new ScanThreads(1);
    AtomicInteger running = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    // The second row set is asked for only when the pool takes no more.
    List<VisibleRows.Visible> rows =
        new java.util.AbstractList<>() {
          @Override
          public VisibleRows.Visible get(int index) {
            if (index == 1) {
              try {
                begun.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              threads.close();
            }
            return visible();
          }

          @Override
          public int size() {
            return 2;
          }
        };
    assertThatThrownBy(
            () ->
                threads.scanAll(
                    rows,
                    one -> {
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
                    },
                    control))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessage("the server is being stopped and scans nothing more");
    assertThat(running).hasValue(0);
  }

  @Test
  void whoCannotTakeAResultLetsNoScanRunOn() {
    try (ScanThreads threads = new ScanThreads(2)) {
      List<Integer> ended = Collections.synchronizedList(new ArrayList<>());
      List<VisibleRows.Visible> rows = List.of(visible(), visible(), visible(), visible());
      assertThatThrownBy(
              () ->
                  threads.scanAll(
                      rows,
                      one -> {
                        ended.add(1);
                        return 1;
                      },
                      result -> {
                        throw new StarfireException(ErrorCode.CAPACITY_EXCEEDED, "no room");
                      },
                      control))
          .hasMessage("no room");
      assertThat(ended).hasSize(4);
      assertThatThrownBy(control::check).hasMessage("the query was cancelled");
    }
  }

  @Test
  void aScanThatFailsUnexpectedlyNamesNoClass() {
    try (ScanThreads threads = new ScanThreads(1)) {
      assertThatThrownBy(
              () ->
                  threads.scanAll(
                      List.of(visible()),
                      one -> {
                        throw new IllegalStateException("defect");
                      },
                      control))
          .hasMessage("a scan failed; the server's log says why");
    }
  }
}
