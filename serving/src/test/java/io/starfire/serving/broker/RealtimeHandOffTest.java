package io.starfire.serving.broker;

import static io.starfire.serving.SegmentFiles.hour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.starfire.protocol.CommitOutcome;
import io.starfire.protocol.PushedSegment;
import io.starfire.protocol.RealtimeCommit;
import io.starfire.serving.SegmentFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From live rows to committed segments: no row vanishes, and none counts twice. */
class RealtimeHandOffTest {
  private static final int COMMITS = 25;
  private static final int EVENTS_PER_COMMIT = 40;

  @TempDir Path directory;

  private record Sealed(long start, CommitOutcome outcome) {}

  @Test
  void everyAnswerHoldsAllRowsReadSoFarWhileTheyAreCommitted() throws Exception {
    FakeChain chain = new FakeChain(hour(10));
    AtomicLong read = new AtomicLong();
    AtomicLong reading = new AtomicLong();
    AtomicInteger answered = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (BrokerRig rig = new BrokerRig(directory, chain)) {
      List<Future<?>> askers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        askers.add(threads.submit(() -> ask(rig, read, reading, answered, done)));
      }
      Deque<Sealed> handingOff = new ArrayDeque<>();
      long start = 0;
      for (int commit = 0; commit < COMMITS; commit++) {
        for (int i = 0; i < EVENTS_PER_COMMIT; i++) {
          reading.incrementAndGet();
          chain.add();
          read.incrementAndGet();
        }
        // One answer at least between two commits, however slow the machine is.
        int enough = answered.get() + 1;
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> answered.get() >= enough || askers.stream().anyMatch(Future::isDone));
        long end = chain.seal();
        handingOff.add(new Sealed(start, commit(rig, chain, start, end)));
        start = end;
        dropWhatIsHandedOff(rig, chain, handingOff);
      }
      done.set(true);
      for (Future<?> asker : askers) {
        asker.get();
      }
      while (!handingOff.isEmpty()) {
        dropWhatIsHandedOff(rig, chain, handingOff);
      }
      assertThat(rig.answer(hour(10))).containsExactly("1000/1000");
    } finally {
      done.set(true);
      threads.shutdown();
    }
  }

  /** Asks without pause. */
  private static void ask(
      BrokerRig rig,
      AtomicLong read,
      AtomicLong reading,
      AtomicInteger answered,
      AtomicBoolean done) {
    while (!done.get()) {
      long atLeast = read.get();
      List<String> answer = rig.answer(hour(10));
      long atMost = reading.get();
      // Before the first row there is no bucket: a timeseries shows those where rows are.
      long count = answer.isEmpty() ? 0 : Long.parseLong(answer.get(0).split("/")[0]);
      assertThat(count).isBetween(atLeast, atMost);
      answered.incrementAndGet();
    }
  }

  private static CommitOutcome commit(BrokerRig rig, FakeChain chain, long start, long end) {
    PushedSegment pushed =
        SegmentFiles.push(rig.deepStorage, rig.work, hour(10), chain.piece(start).index());
    CommitOutcome outcome =
        rig.coordinator
            .realtime()
            .commit(new RealtimeCommit("ads", "ads", "topic-id", 0, start, end, List.of(pushed)));
    assertThat(outcome.committed()).isTrue();
    return outcome;
  }

  private static void dropWhatIsHandedOff(
      BrokerRig rig, FakeChain chain, Deque<Sealed> handingOff) {
    while (!handingOff.isEmpty()
        && rig.coordinator.realtime().whenHandedOff(handingOff.peek().outcome()).isDone()) {
      chain.drop(handingOff.remove().start());
    }
  }
}
