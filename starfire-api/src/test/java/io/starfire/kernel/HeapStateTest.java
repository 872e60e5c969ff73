package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The state on the heap against the one in a sorted map, which is the simpler of the two. */
class HeapStateTest {
  private static final byte[] NOTHING = {};
  private static final long FAR = Times.parse("9999-12-31T00:00:00Z");

  /** Due time is a function of kind and time, as kernels have it. */
  private static long due(byte kind, long timeMillis) {
    return timeMillis + 700L * kind;
  }

  @ParameterizedTest(name = "{0} keys")
  @ValueSource(ints = {1, 3, 40, 2_000})
  void randomOperationsGiveWhatTheSortedMapGives(int keys) {
    HeapState heap = new HeapState();
    compare(keys, heap, same -> same);
    assertThat(heap.size()).isZero();
  }

  /** Budgets of nothing, of about a third of what is held, and of everything. */
  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 60_000, 100_000_000})
  void soDoTwoLayersAlsoAfterACheckpoint(int bytes) {
    for (int keys : new int[] {1, 40, 2_000}) {
      HeapBudget budget = new HeapBudget(bytes);
      MemoryWindowBuffer buffer = new MemoryWindowBuffer();
      StageState[] layered = {StageState.layered(buffer, budget)};
      compare(
          keys,
          layered[0].ofKernel(0),
          before -> {
            StageState next = StageState.layered(buffer, budget);
            List<byte[]> parts = new ArrayList<>();
            layered[0].save(parts::add);
            layered[0].release();
            parts.forEach(next::restore);
            layered[0] = next;
            return next.ofKernel(0);
          });
      assertThat(buffer.scan(new byte[] {0}, new byte[] {127}, 1)).isEmpty();
      layered[0].release();
      assertThat(budget.isExceeded()).isFalse();
    }
  }

  @Test
  void whatIsNotOnTheHeapComesBackInPortionsAndAHandlerMayChangeTheRest() {
    MemoryWindowBuffer buffer = new MemoryWindowBuffer();
    StageState layered = StageState.layered(buffer, new HeapBudget(0));
    KernelState two = layered.ofKernel(0);
    KernelState one = new BufferedState(new MemoryWindowBuffer(), 0);
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 6_000; i++) {
      byte kind = (byte) (1 + random.nextInt(2));
      byte[] key = bytes("key-" + random.nextInt(900));
      long time = 10_000L + random.nextInt(40);
      byte[] value = bytes("v" + random.nextInt(9));
      for (KernelState state : List.of(one, two)) {
        state.hold(kind, key, time, value, NOTHING, 12_300);
      }
    }
    assertThat(buffer.size()).isGreaterThan(6_000);
    List<List<String>> due = new ArrayList<>();
    for (KernelState state : List.of(one, two)) {
      List<String> found = new ArrayList<>();
      state.takeDue(
          12_301,
          (kind, key, timeMillis, entries) -> {
            found.add(kind + new String(key, StandardCharsets.UTF_8) + timeMillis + said(entries));
            if (kind == 1) {
              // What is due later at the same moment is noted, taken, and joined by more.
              state
                  .between((byte) 2, key, timeMillis, timeMillis)
                  .forEach(held -> state.note(held, new byte[] {5}));
              found.add(said(state.take((byte) 2, key, timeMillis + 1, 12_300)).toString());
              state.hold((byte) 3, key, timeMillis, NOTHING, NOTHING, 12_300);
              assertThat(state.any((byte) 3, key, timeMillis, timeMillis)).isTrue();
            }
          });
      due.add(found);
    }
    assertThat(due.get(1)).isEqualTo(due.get(0)).hasSizeGreaterThan(4_000);
    assertThat(takeDue(two, 20_000)).isEmpty();
    assertThat(buffer.size()).isZero();
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {0, 300_000, 100_000_000})
  void aWatermarkRisesInStepsInWhichAboutSoManyEntriesFallDue(int bytes) {
    KernelState state =
        StageState.layered(new MemoryWindowBuffer(), new HeapBudget(bytes)).ofKernel(0);
    SplittableRandom random = new SplittableRandom(11);
    int held = 20_000;
    for (int i = 0; i < held; i++) {
      // Many at first, few later, and a crowd that is due in one millisecond.
      long due =
          i < 15_000 ? random.nextInt(20_000) : i < 17_000 ? random.nextInt(900_000) : 77_777;
      state.hold((byte) 1, bytes("k" + i), due, NOTHING, NOTHING, due);
    }
    long watermark = Long.MIN_VALUE;
    int taken = 0;
    int steps = 0;
    while (watermark < 1_000_000) {
      long next = state.step(watermark, 1_000_000, 500);
      assertThat(next).isGreaterThan(watermark).isLessThanOrEqualTo(1_000_000);
      boolean isCrowd = watermark <= 77_777 && next > 77_777;
      int due = takeDue(state, next).size();
      assertThat(due).isLessThanOrEqualTo(isCrowd ? 4_000 : 1_000);
      taken += due;
      watermark = next;
      steps++;
    }
    assertThat(taken).isEqualTo(held);
    assertThat(steps).isBetween(30, 300);
  }

  @Test
  void aCountOfKeysIsNeverTooSmallAndGoesDownToNothing() {
    KeyCounts counts = new KeyCounts();
    Map<Integer, Integer> expected = new HashMap<>();
    SplittableRandom random = new SplittableRandom(3);
    List<Integer> added = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      if (i < 30_000 == random.nextInt(4) > 0 || added.isEmpty()) {
        // Many in neighbouring slots, and the hash 0.
        int hash = random.nextInt(3) == 0 ? random.nextInt(2_000) : random.nextInt();
        counts.add(hash);
        expected.merge(hash, 1, Integer::sum);
        added.add(hash);
      } else {
        int at = random.nextInt(added.size());
        int hash = added.set(at, added.get(added.size() - 1));
        added.remove(added.size() - 1);
        counts.remove(hash);
        expected.merge(hash, -1, (one, less) -> one + less == 0 ? null : one + less);
      }
      if (i % 1_000 == 0) {
        expected.forEach((hash, count) -> assertThat(counts.of(hash)).isEqualTo(count));
      }
    }
    added.forEach(counts::remove);
    assertThat(expected.keySet()).allSatisfy(hash -> assertThat(counts.of(hash)).isZero());
    assertThat(counts.bytes()).isLessThan(2_000);
  }

  private static void compare(int keys, KernelState first, UnaryOperator<KernelState> again) {
    KernelState heap = first;
    SplittableRandom random = new SplittableRandom(keys);
    BufferedState sorted = new BufferedState(new MemoryWindowBuffer(), 0);
    long watermark = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i % 3_000 == 2_999) {
        heap = again.apply(heap);
      }
      byte kind = (byte) (1 + random.nextInt(3));
      byte[] key = bytes("key-" + random.nextInt(keys));
      long time = watermark + random.nextInt(5_000);
      byte[] value = bytes("v" + random.nextInt(3));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          byte[] note = {(byte) random.nextInt(9)};
          heap.hold(kind, key, time, value, note, due(kind, time));
          sorted.hold(kind, key, time, value, note, due(kind, time));
        }
        case 3 -> {
          KernelState.Held inHeap = heap.find(kind, key, time, value);
          KernelState.Held inSorted = sorted.find(kind, key, time, value);
          assertThat(inHeap == null).isEqualTo(inSorted == null);
          if (inHeap != null) {
            heap.note(inHeap, NOTHING);
            sorted.note(inSorted, NOTHING);
          }
        }
        case 4 ->
            assertThat(heap.any(kind, key, time - 900, time))
                .isEqualTo(sorted.any(kind, key, time - 900, time));
        case 5 ->
            assertThat(said(heap.between(kind, key, time - 2_000, time)))
                .isEqualTo(said(sorted.between(kind, key, time - 2_000, time)));
        case 6 ->
            assertThat(said(heap.take(kind, key, time, due(kind, time))))
                .isEqualTo(said(sorted.take(kind, key, time, due(kind, time))));
        default -> {
          watermark += random.nextInt(20) == 0 ? 3_000 : random.nextInt(30);
          assertThat(takeDue(heap, watermark)).isEqualTo(takeDue(sorted, watermark));
        }
      }
    }
    assertThat(takeDue(heap, Long.MAX_VALUE)).isEqualTo(takeDue(sorted, Long.MAX_VALUE));
  }

  @Test
  void entriesThatAreDueMillenniaApartCostNothingBetweenThem() {
    HeapState state = new HeapState();
    state.hold((byte) 1, bytes("late"), 0, NOTHING, NOTHING, FAR);
    state.hold((byte) 1, bytes("early"), 0, NOTHING, NOTHING, 0);
    assertThat(takeDue(state, 1)).containsExactly("1 early 0 [0]");
    assertThat(takeDue(state, FAR)).isEmpty();
    assertThat(takeDue(state, FAR + 1)).containsExactly("1 late 0 [0]");
  }

  @Test
  void aHandlerMayHoldAndTakeWhatIsDueItself() {
    HeapState state = new HeapState();
    for (int i = 0; i < 4; i++) {
      state.hold((byte) 1, bytes("k"), i, NOTHING, NOTHING, i);
    }
    List<Long> due = new ArrayList<>();
    state.takeDue(
        3,
        (kind, key, timeMillis, entries) -> {
          due.add(timeMillis);
          if (timeMillis == 0) {
            assertThat(state.take((byte) 1, key, 1, 1)).hasSize(1);
            state.hold((byte) 2, key, 1, NOTHING, NOTHING, 1);
          }
        });
    assertThat(due).containsExactly(0L, 2L, 1L);
    assertThat(state.size()).isEqualTo(1);
  }

  private static List<String> takeDue(KernelState state, long watermark) {
    List<String> due = new ArrayList<>();
    state.takeDue(
        watermark,
        (kind, key, timeMillis, entries) ->
            due.add(
                kind
                    + " "
                    + new String(key, StandardCharsets.UTF_8)
                    + " "
                    + timeMillis
                    + " "
                    + said(entries)));
    return due;
  }

  private static List<String> said(List<KernelState.Held> entries) {
    return entries.stream()
        .map(
            held ->
                held.timeMillis()
                    + new String(held.value(), StandardCharsets.UTF_8)
                    + (held.note().length == 0 ? "" : held.note()[0]))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
