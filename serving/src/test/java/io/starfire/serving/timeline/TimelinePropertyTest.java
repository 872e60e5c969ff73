package io.starfire.serving.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random additions and removals against a model that looks at every instant: L6. */
class TimelinePropertyTest {
  private static final int INSTANTS = 40;
  private static final Interval WHOLE = new Interval(0, INSTANTS);

  /** What was added and not removed, and nothing else. */
  private final TreeMap<TimelineEntry.Key, Set<NumberedChunk<String>>> model = new TreeMap<>();

  private VersionedIntervalTimeline<String> timeline = new VersionedIntervalTimeline<>();

  @Test
  void l6_lookupIsTheHighestCompleteVersionOfEachInstant() {
    long seed = Long.getLong("starfire.seed", 20_111_004L);
    System.out.println("-Dstarfire.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      model.clear();
      timeline = new VersionedIntervalTimeline<>();
      for (int step = 0; step < 60; step++) {
        change(random);
        check("seed %d round %d step %d".formatted(seed, round, step));
      }
      checkOrderOfArrivalDoesNotMatter(random);
    }
  }

  private void change(Random random) {
    if (random.nextInt(3) == 0 && !model.isEmpty()) {
      List<TimelineEntry.Key> keys = List.copyOf(model.keySet());
      TimelineEntry.Key key = keys.get(random.nextInt(keys.size()));
      NumberedChunk<String> chunk = List.copyOf(model.get(key)).get(0);
      assertThat(timeline.remove(key.interval(), key.version(), chunk)).contains(chunk);
      model.get(key).remove(chunk);
      if (model.get(key).isEmpty()) {
        model.remove(key);
      }
      return;
    }
    int start = random.nextInt(INSTANTS - 1);
    Interval interval =
        new Interval(start, start + 1 + random.nextInt(Math.min(15, INSTANTS - start)));
    TimelineEntry.Key key = new TimelineEntry.Key(interval, "" + random.nextInt(8));
    int core = 1 + Math.floorMod(interval.hashCode(), 3);
    NumberedChunk<String> chunk =
        new NumberedChunk<>(random.nextInt(core + 1), core, key + "#" + core);
    boolean overlaps =
        model.keySet().stream()
            .anyMatch(
                other ->
                    other.version().equals(key.version())
                        && other.interval().overlaps(interval)
                        && !other.equals(key));
    try {
      timeline.add(interval, key.version(), chunk);
      assertThat(overlaps).isFalse();
      model.computeIfAbsent(key, unused -> new HashSet<>()).add(chunk);
    } catch (StarfireException e) {
      assertThat(overlaps).as(e.getMessage()).isTrue();
    }
  }

  private void check(String when) {
    List<TimelineObject<String>> shown = timeline.lookup(WHOLE);
    List<TimelineObject<String>> shownWithIncomplete =
        timeline.lookupWithIncompletePartitions(WHOLE);
    Set<TimelineEntry.Key> visible = new HashSet<>();
    for (int instant = 0; instant < INSTANTS; instant++) {
      Optional<TimelineEntry.Key> complete = highest(instant, true);
      Optional<TimelineEntry.Key> any = highest(instant, false);
      complete.ifPresent(visible::add);
      any.ifPresent(visible::add);
      assertThat(keyAt(shown, instant)).as(when).isEqualTo(complete);
      assertThat(keyAt(shownWithIncomplete, instant)).as(when).isEqualTo(any);
      String asked = "" + instant % 9;
      boolean hidden = complete.isPresent() && complete.get().version().compareTo(asked) > 0;
      Interval one = new Interval(instant, instant + 1);
      assertThat(timeline.visibleParts(one, asked).isEmpty()).as(when).isEqualTo(hidden);
      assertThat(timeline.isOvershadowed(one, asked)).as(when).isEqualTo(hidden);
    }
    for (int i = 1; i < shown.size(); i++) {
      boolean adjacent =
          shown.get(i - 1).interval().endMillis() == shown.get(i).interval().startMillis();
      assertThat(adjacent && key(shown.get(i - 1)).equals(key(shown.get(i))))
          .as("%s: two pieces that should be one", when)
          .isFalse();
    }
    Set<TimelineEntry.Key> hidden = new HashSet<>(model.keySet());
    hidden.removeAll(visible);
    assertThat(timeline.findFullyOvershadowed())
        .as(when)
        .extracting(TimelinePropertyTest::key)
        .containsExactlyInAnyOrderElementsOf(hidden);
    assertThat(timeline.size()).isEqualTo(model.values().stream().mapToInt(Set::size).sum());
  }

  private void checkOrderOfArrivalDoesNotMatter(Random random) {
    List<TimelineAddition<String>> additions = new ArrayList<>();
    model.forEach(
        (key, chunks) ->
            chunks.forEach(
                chunk ->
                    additions.add(new TimelineAddition<>(key.interval(), key.version(), chunk))));
    Collections.shuffle(additions, random);
    var one = new VersionedIntervalTimeline<String>();
    additions.forEach(a -> one.add(a.interval(), a.version(), a.chunk()));
    var atOnce = new VersionedIntervalTimeline<String>();
    atOnce.addAll(additions);

    assertThat(one.lookup(WHOLE)).isEqualTo(timeline.lookup(WHOLE));
    assertThat(atOnce.lookup(WHOLE)).isEqualTo(timeline.lookup(WHOLE));
    assertThat(atOnce.lookupWithIncompletePartitions(WHOLE))
        .isEqualTo(timeline.lookupWithIncompletePartitions(WHOLE));
    assertThat(atOnce.size()).isEqualTo(timeline.size());
  }

  private Optional<TimelineEntry.Key> highest(int instant, boolean onlyComplete) {
    return model.entrySet().stream()
        .filter(entry -> entry.getKey().interval().contains(instant))
        .filter(entry -> !onlyComplete || hasWholeCore(entry.getValue()))
        .map(Map.Entry::getKey)
        .max(Comparator.comparing(TimelineEntry.Key::version));
  }

  private static boolean hasWholeCore(Set<NumberedChunk<String>> chunks) {
    int core = chunks.iterator().next().corePartitions();
    return chunks.stream().filter(chunk -> chunk.number() < core).count() == core;
  }

  private static Optional<TimelineEntry.Key> keyAt(
      List<TimelineObject<String>> pieces, int instant) {
    return pieces.stream()
        .filter(piece -> piece.interval().contains(instant))
        .map(TimelinePropertyTest::key)
        .findFirst();
  }

  private static TimelineEntry.Key key(TimelineObject<String> piece) {
    return new TimelineEntry.Key(piece.trueInterval(), piece.version());
  }
}
