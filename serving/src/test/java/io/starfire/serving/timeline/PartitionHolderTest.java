package io.starfire.serving.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a set of partitions is complete: T78 to T80. */
class PartitionHolderTest {
  @Test
  void t78_numberedIsCompleteWhenTheLastCorePartitionArrives() {
    assertCompleteOnlyWithTheLast(List.of(numbered(1, 3), numbered(0, 3), numbered(2, 3)));
  }

  @Test
  void t78_hashedWithEmptyBucketsIsNumberedWithoutThem() {
    // Buckets 3, 0 and 2 of 5 have rows; only these have numbers.
    assertCompleteOnlyWithTheLast(List.of(numbered(2, 3), numbered(0, 3), numbered(1, 3)));
  }

  @Test
  void t78_rangesWithHolesBetweenThemAreCompleteByCoreCount() {
    // …aaa, bbb-fff, ttt-zzz: no row falls between fff and ttt.
    assertCompleteOnlyWithTheLast(List.of(numbered(0, 3), numbered(1, 3), numbered(2, 3)));
  }

  @Test
  void t78_rangesWithoutCoreCountAreCompleteWhenTheyAbutFromEndToEnd() {
    assertCompleteOnlyWithTheLast(
        List.of(
            range(0, null, List.of("bbb")),
            range(1, List.of("bbb"), List.of("fff")),
            range(2, List.of("fff"), null)));
  }

  @Test
  void t78_rangesOfSeveralDimensionsAbutToo() {
    assertCompleteOnlyWithTheLast(
        List.of(
            range(0, null, List.of("bbb", "x")),
            range(1, List.of("bbb", "x"), List.of("fff", "a")),
            range(2, List.of("fff", "a"), null)));
  }

  @Test
  void t78_rangesThatDoNotMeetAreNotComplete() {
    assertThat(holder(range(0, null, List.of("bbb")), range(1, List.of("ccc"), null)).isComplete())
        .isFalse();
  }

  @Test
  void appendedPartitionsMayHaveGapsAndNeedTheCore() {
    assertThat(holder(numbered(7, 2)).isComplete()).isFalse();
    assertThat(holder(numbered(0, 2), numbered(7, 2)).isComplete()).isFalse();
    assertThat(holder(numbered(0, 2), numbered(1, 2), numbered(7, 2)).isComplete()).isTrue();
  }

  @Test
  void withoutACoreAnyPartitionIsComplete() {
    assertThat(holder(numbered(5, 0)).isComplete()).isTrue();
    assertThat(holder(new LinearChunk<>(4, "x"), new LinearChunk<>(9, "y")).isComplete()).isTrue();
    assertThat(PartitionHolder.empty().isComplete()).isFalse();
  }

  @Test
  void anEqualChunkIsIgnoredAndTheFirstStays() {
    PartitionHolder<String> holder =
        holder(new NumberedChunk<>(0, 1, "first"), new NumberedChunk<>(0, 1, "second"));

    assertThat(holder.chunks()).extracting(PartitionChunk::object).containsExactly("first");
  }

  @Test
  void anotherCoreCountForTheSameNumberIsADefect() {
    assertThatThrownBy(() -> holder(numbered(0, 1), numbered(0, 2)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessageContaining("partition 0 is there already as")
        .hasMessageContaining("core count and bounds of a partition cannot change");
  }

  @Test
  void t79_aTombstoneIsCompleteAndHasNoData() {
    PartitionHolder<String> holder = holder(new TombstoneChunk<>("empty"));

    assertThat(holder.isComplete()).isTrue();
    assertThat(holder.hasData()).isFalse();
    assertThat(holder(numbered(0, 1)).hasData()).isTrue();
  }

  @Test
  void t80_tombstonesAreAllEqualAndCompareWithNothingElse() {
    TombstoneChunk<String> tombstone = new TombstoneChunk<>("a");
    assertThat(tombstone.isStart()).isTrue();
    assertThat(tombstone.isEnd()).isTrue();
    assertThat(tombstone.abuts(new TombstoneChunk<>("b"))).isFalse();
    assertThat(tombstone.number()).isZero();
    assertThat(tombstone).isEqualTo(new TombstoneChunk<>("b"));
    assertThat(tombstone.compareTo(new TombstoneChunk<>("b"))).isZero();

    assertThatThrownBy(() -> tombstone.compareTo(numbered(0, 1)))
        .isInstanceOfSatisfying(
            StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("must be of one kind");
    assertThatThrownBy(() -> holder(tombstone, numbered(1, 2)))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining("must be of one kind");
  }

  @Test
  void negativeNumbersAreRefused() {
    assertThatThrownBy(() -> numbered(-1, 3))
        .hasMessage("a partition number must be at or above 0, got -1");
    assertThatThrownBy(() -> numbered(0, -3))
        .hasMessage("the number of core partitions must be at or above 0, got -3");
  }

  private static void assertCompleteOnlyWithTheLast(List<PartitionChunk<String>> chunks) {
    for (List<PartitionChunk<String>> order : permutations(chunks)) {
      PartitionHolder<String> holder = PartitionHolder.empty();
      for (int i = 0; i < order.size(); i++) {
        holder = holder.withAll(List.of(order.get(i)));
        assertThat(holder.isComplete()).as("%s", holder).isEqualTo(i == order.size() - 1);
      }
    }
  }

  private static <E> List<List<E>> permutations(List<E> items) {
    if (items.isEmpty()) {
      return List.of(List.of());
    }
    List<List<E>> all = new ArrayList<>();
    for (E first : items) {
      List<E> others = new ArrayList<>(items);
      others.remove(first);
      for (List<E> rest : permutations(others)) {
        List<E> one = new ArrayList<>(List.of(first));
        one.addAll(rest);
        all.add(one);
      }
    }
    return all;
  }

  @SafeVarargs
  private static PartitionHolder<String> holder(PartitionChunk<String>... chunks) {
    PartitionHolder<String> holder = PartitionHolder.empty();
    for (PartitionChunk<String> chunk : chunks) {
      holder = holder.withAll(List.of(chunk));
    }
    return holder;
  }

  private static PartitionChunk<String> numbered(int number, int core) {
    return new NumberedChunk<>(number, core, "part " + number);
  }

  private static PartitionChunk<String> range(int number, List<String> start, List<String> end) {
    return new RangeChunk<>(number, start, end, "part " + number);
  }
}
