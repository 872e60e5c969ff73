package io.starfire.serving.query.partial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Groups by array and by table, against a map of keys. */
class GroupIndexTest {
  @Test
  void groupsAreNumberedInTheOrderOfAppearanceWhateverTheirKeysAre() {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      int keys = 1 + random.nextInt(4);
      int[] domains = random.ints(keys, 1, 1 << (1 + random.nextInt(20))).toArray();
      GroupIndex index = new GroupIndex(keys);
      Map<List<Integer>, Integer> expected = new HashMap<>();
      for (int round = 0; round < 12; round++) {
        if (random.nextInt(3) == 0) {
          // What is known of the ids may be more or less than there are.
          int[] counts = new int[keys];
          for (int k = 0; k < keys; k++) {
            counts[k] = random.nextInt(2 * domains[k] + 1);
          }
          index.prepare(counts, random.nextInt(100_000));
        }
        int count = 1 + random.nextInt(GroupIndex.BLOCK);
        int[][] block = new int[keys][GroupIndex.BLOCK];
        int[] groups = new int[GroupIndex.BLOCK];
        for (int k = 0; k < keys; k++) {
          // Ids become larger round by round, so that arrays widen and give way to tables.
          int bound = Math.max(1, domains[k] >> (11 - round));
          for (int i = 0; i < count; i++) {
            block[k][i] = random.nextInt(bound);
          }
        }
        index.find(block, count, groups);
        for (int i = 0; i < count; i++) {
          List<Integer> key = key(block, i);
          Integer known = expected.putIfAbsent(key, expected.size());
          assertThat(groups[i])
              .as("seed %d, round %d, %s", seed, round, key)
              .isEqualTo(known == null ? expected.size() - 1 : known);
        }
      }
      assertThat(index.size()).isEqualTo(expected.size());
      int[][] ids = new int[keys][];
      for (int k = 0; k < keys; k++) {
        ids[k] = index.ids(k);
      }
      expected.forEach((key, group) -> assertThat(key(ids, group)).isEqualTo(key));
    }
  }

  private static List<Integer> key(int[][] columns, int at) {
    List<Integer> key = new ArrayList<>();
    for (int[] column : columns) {
      key.add(column[at]);
    }
    return key;
  }
}
