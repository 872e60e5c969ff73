package io.starfire.serving.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.control.QueryLimits;
import io.starfire.serving.query.model.QueryContext;
import io.starfire.serving.query.result.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may run, in which order, and who holds a turn. */
class QueryGateTest {
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final QueryControl control =
      QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void turnsAreGivenInTheOrderOfArrivalHoweverLongSomebodyWaits() throws Exception {
    QueryGate gate = new QueryGate(1, 20, Map.of());
    QueryGate.Turn first = gate.enter(QueryGate.Place.DEFAULT, control);
    List<Integer> order = new CopyOnWriteArrayList<>();
    List<Future<?>> waiting = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 10; i++) {
      int number = i;
      waiting.add(
          threads.submit(
              () -> {
                try (QueryGate.Turn turn = gate.enter(QueryGate.Place.DEFAULT, control)) {
                  order.add(number);
                }
              }));
      await().until(() -> gate.waiting() == number + 1);
    }
    // Longer than anybody waits between two looks at the clock, after which a place was lost.
    await().pollDelay(java.time.Duration.ofMillis(200)).until(() -> gate.waiting() == 10);
    first.close();
    for (Future<?> one : waiting) {
      one.get();
    }
    assertThat(order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void nobodyPassesOneWhoWaits() throws Exception {
    QueryGate gate = new QueryGate(1, 20, Map.of());
    QueryGate.Turn first = gate.enter(QueryGate.Place.DEFAULT, control);
    CountDownLatch mayLeave = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    Future<?> early =
        threads.submit(
            () -> {
              try (QueryGate.Turn turn = gate.enter(QueryGate.Place.DEFAULT, control)) {
                order.add("early");
                mayLeave.await();
              }
              return null;
            });
    await().until(() -> gate.waiting() == 1);
    first.close();
    Future<?> late =
        threads.submit(
            () -> {
              try (QueryGate.Turn turn = gate.enter(QueryGate.Place.DEFAULT, control)) {
                order.add("late");
              }
            });
    await().until(() -> gate.waiting() == 1);
    mayLeave.countDown();
    early.get();
    late.get();
    assertThat(order).containsExactly("early", "late");
  }

  @Test
  void oneTooManyIsRefusedAndOneWhoGivesUpLeavesThePlaceToOthers() throws Exception {
    QueryGate gate = new QueryGate(1, 1, Map.of());
    QueryGate.Turn first = gate.enter(QueryGate.Place.DEFAULT, control);
    QueryControl impatient =
        QueryControl.start(InstantSource.system(), QueryLimits.DEFAULT, QueryContext.EMPTY);
    Future<QueryGate.Turn> second =
        threads.submit(() -> gate.enter(QueryGate.Place.DEFAULT, impatient));
    await().until(() -> gate.waiting() == 1);
    assertThatThrownBy(() -> gate.enter(QueryGate.Place.DEFAULT, control))
        .isInstanceOfSatisfying(
            StarfireException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CAPACITY_EXCEEDED))
        .hasMessage("1 queries are running and 1 wait, which is the limit; try again later");
    impatient.cancel();
    assertThatThrownBy(second::get).hasMessageContaining("the query was cancelled");
    first.close();
    first.close();
    gate.enter(QueryGate.Place.DEFAULT, control).close();
  }

  private Future<?> waits(QueryGate gate, int priority, String lane, List<String> order)
      throws Exception {
    int before = gate.waiting();
    QueryGate.Place place = new QueryGate.Place(priority, lane);
    Future<?> waiting =
        threads.submit(
            () -> {
              try (QueryGate.Turn turn = gate.enter(place, control)) {
                order.add(priority + lane);
              }
            });
    await().until(() -> gate.waiting() == before + 1);
    return waiting;
  }

  @Test
  void aQueryOfLowPriorityWaitsBehindOneOfHighPriority() throws Exception {
    QueryGate gate = new QueryGate(1, 20, Map.of());
    QueryGate.Turn first = gate.enter(QueryGate.Place.DEFAULT, control);
    List<String> order = new CopyOnWriteArrayList<>();
    List<Future<?>> all =
        List.of(
            waits(gate, 0, "", order),
            waits(gate, -1, "", order),
            waits(gate, 5, "", order),
            waits(gate, 0, "", order));
    first.close();
    for (Future<?> one : all) {
      one.get();
    }
    assertThat(order).containsExactly("5", "0", "0", "-1");
  }

  @Test
  void aQueryOfAFullLaneWaitsAndLetsOthersPass() throws Exception {
    QueryGate gate = new QueryGate(2, 20, Map.of("reports", 1));
    QueryGate.Place reports = new QueryGate.Place(0, "reports");
    QueryGate.Turn first = gate.enter(reports, control);
    List<String> order = new CopyOnWriteArrayList<>();
    Future<?> second = waits(gate, 9, "reports", order);
    gate.enter(QueryGate.Place.DEFAULT, control).close();
    assertThat(second.isDone()).isFalse();
    first.close();
    second.get();
    assertThat(order).containsExactly("9reports");
    assertThatThrownBy(() -> gate.enter(new QueryGate.Place(0, "report"), control))
        .hasMessage("context.lane names 'report', which is no lane of this server; it has reports");
  }

  @Test
  void aSlowReaderOfAScanHoldsNoTurn() throws Exception {
    QueryGate gate = new QueryGate(1, 20, Map.of());
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new AssertionError("a byte at a time");
          }

          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            reading.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            taken.write(bytes, offset, length);
          }
        };
    String text = "0123456789".repeat(30_000);
    Answer rows = (out, pretty) -> out.write(text.getBytes(StandardCharsets.UTF_8));
    Future<?> scan =
        threads.submit(
            () -> {
              try (QueryGate.Turn turn = gate.enter(QueryGate.Place.DEFAULT, control)) {
                new TurnTakingAnswer(rows, turn, control).writeTo(slow, false);
              }
              return null;
            });
    reading.await();
    // The scan is not at its end, and others run meanwhile, one after the other.
    for (int i = 0; i < 5; i++) {
      gate.enter(QueryGate.Place.DEFAULT, control).close();
    }
    QueryGate.Turn running = gate.enter(QueryGate.Place.DEFAULT, control);
    goOn.countDown();
    await().until(() -> gate.waiting() == 1);
    assertThat(scan.isDone()).isFalse();
    running.close();
    scan.get();
    assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo(text);
    gate.enter(QueryGate.Place.DEFAULT, control).close();
  }

  @Test
  void aScanThatFailsBeforeItsFirstRowsWereHandedOnSendsNothing() {
    QueryGate gate = new QueryGate(1, 20, Map.of());
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    Answer fails =
        (out, pretty) -> {
          out.write("[{".getBytes(StandardCharsets.UTF_8));
          out.flush();
          throw new StarfireException(ErrorCode.CORRUPT, "damaged");
        };
    try (QueryGate.Turn turn = gate.enter(QueryGate.Place.DEFAULT, control)) {
      assertThatThrownBy(() -> new TurnTakingAnswer(fails, turn, control).writeTo(taken, false))
          .hasMessage("damaged");
    }
    assertThat(taken.size()).isZero();
  }
}
