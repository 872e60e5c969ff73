package io.starfire.serving.query.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.starfire.segment.column.RowSet;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Queries over places: OracleTest. */
class GroupPlacesTest {
  private final Random random = new Random(9);

  @Test
  void aPlaceIsTheIdsSideBySide() {
    for (int[] idCounts :
        new int[][] {{1, 7}, {1, 3, 7}, {5, 3}, {4, 1, 9, 2}, {1, 1}, {3, 1, 1}, {1, 300, 5}}) {
      GroupPlaces places = GroupPlaces.of(idCounts, 10_000, 1 << 20, 8, true);
      TreeMap<Integer, int[]> seen = new TreeMap<>();
      for (int block = 0; block < 3; block++) {
        int count = RowSet.BLOCK_ROWS - block;
        int[][] ids = ids(idCounts, count);
        int[] found = new int[count];
        places.find(ids, count, found);
        for (int i = 0; i < count; i++) {
          int[] key = seen.computeIfAbsent(found[i], unused -> new int[idCounts.length]);
          for (int k = 0; k < key.length; k++) {
            key[k] = ids[k][i];
          }
        }
      }
      int[] taken = places.taken();
      assertThat(taken).isEqualTo(seen.keySet().stream().mapToInt(place -> place).toArray());
      int[][] keys = places.keys(taken);
      for (int k = 0; k < idCounts.length; k++) {
        int key = k;
        assertThat(keys[k])
            .as("key %d of %s", k, Arrays.toString(idCounts))
            .isEqualTo(seen.values().stream().mapToInt(ids -> ids[key]).toArray());
      }
    }
  }

  @Test
  void groupsTakeTurnsWhereThereAreFew() {
    GroupPlaces places = GroupPlaces.of(new int[] {1, 2}, 10_000, 1 << 20, 8, true);
    int[] found = {1, 1, 0, 1, 1, 0};
    places.takeTurns(found, found.length);
    assertThat(found).containsExactly(1, 3, 4, 7, 1, 2);
    assertThat(places.count()).isEqualTo(8);
    assertThat(GroupPlaces.of(new int[] {1, 2}, 10_000, 1 << 20, 8, false).turns()).isOne();
    assertThat(GroupPlaces.of(new int[] {1, 2}, 100, 1 << 20, 8, true).turns()).isOne();
    assertThat(GroupPlaces.of(new int[] {1, 1000}, 10_000, 1 << 20, 8, true).turns()).isOne();
  }

  @Test
  void tooManyPlacesForTheRowsOrTheMemoryAreNotMade() {
    assertThat(GroupPlaces.of(new int[] {1, 4096}, 1, 1 << 20, 8, true)).isNotNull();
    assertThat(GroupPlaces.of(new int[] {1, 4097}, 1, 1 << 20, 8, true)).isNull();
    assertThat(GroupPlaces.of(new int[] {2, 10_000}, 10_000, 1 << 20, 8, true)).isNotNull();
    assertThat(GroupPlaces.of(new int[] {2, 10_001}, 10_000, 1 << 20, 8, true)).isNull();
    assertThat(GroupPlaces.of(new int[] {2, 10_000}, 10_000, 20_000 * 9 - 1, 8, true)).isNull();
    assertThat(
            GroupPlaces.of(new int[] {1, 1 << 13, 1 << 13, 1 << 13}, 1L << 40, 1L << 50, 8, true))
        .isNull();
  }

  /** Ids of time buckets are from 1 on. */
  private int[][] ids(int[] idCounts, int count) {
    int[][] ids = new int[idCounts.length][count];
    for (int k = 0; k < ids.length; k++) {
      for (int i = 0; i < count; i++) {
        ids[k][i] = random.nextInt(idCounts[k]) + (k == 0 ? 1 : 0);
      }
    }
    return ids;
  }
}
