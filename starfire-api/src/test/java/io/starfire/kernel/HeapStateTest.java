package io.starfire.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
