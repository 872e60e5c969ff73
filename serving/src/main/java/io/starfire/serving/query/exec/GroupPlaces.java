package io.starfire.serving.query.exec;

import io.starfire.segment.column.RowSet;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Groups as places of an array: the ids of a row's time bucket and values, side by side, are the
 * number of its group, and nothing is looked for. For rows of which few combinations of ids are
 * possible. In the end only the places that some row had are kept; they are in the order of ids.
 *
 * <pre>
 *   ids 0..2 of l_returnflag, 0..6 of l_shipmode:   place = flag * 7 + mode, 21 places
 * </pre>
 *
 * Where there are very few places, each group has four that take turns, which are added up in the
 * end: else each addition would wait for the one before, to the same place. Not thread-safe.
 */
final class GroupPlaces {
  /** So many places are always worth it. */
  private static final long FEW = 1 << 12;

  /** Places for each row that is expected, at most; those that are left empty cost time too. */
  private static final long PLACES_A_ROW = 2;

  /** So that packed ids stay ints, and an array is not too large to be given up. */
  private static final long MOST = 1 << 24;

  private static final int TURNS = 4;

  /** With more groups than that, neighbouring rows are seldom in the same one. */
  private static final int MOST_GROUPS_OF_TURNS = 256;

  /** Of each key, how many ids there are. */
  private final int[] idCounts;

  /** The product of the numbers of ids. */
  private final int groups;

  /** What is added to the place of a row of the block; null without turns. */
  private final int @Nullable [] turns;

  private final boolean[] taken;

  private GroupPlaces(int[] idCounts, int groups, boolean takesTurns) {
    this.idCounts = idCounts;
    this.groups = groups;
    this.taken = new boolean[groups];
    this.turns = takesTurns ? new int[RowSet.BLOCK_ROWS] : null;
    if (turns != null) {
      Arrays.setAll(turns, row -> row % TURNS * groups);
    }
  }

  /**
   * Returns null if there are too many places for the rows.
   *
   * @param idCounts of the time buckets, whose ids are from 1 on, and of each dimension, how many
   *     ids there are; at least 1
   * @param rows that are expected
   * @param mostBytes that may be taken
   * @param bytesOfGroup that aggregates need for each place
   * @param canTakeTurns whether groups may have several places
   */
  static @Nullable GroupPlaces of(
      int[] idCounts, long rows, long mostBytes, long bytesOfGroup, boolean canTakeTurns) {
    long groups = 1;
    long most = Math.min(MOST, Math.max(FEW, PLACES_A_ROW * rows));
    for (int count : idCounts) {
      groups *= count;
      if (groups > most) {
        return null;
      }
    }
    boolean takesTurns =
        canTakeTurns && groups <= MOST_GROUPS_OF_TURNS && rows >= RowSet.BLOCK_ROWS;
    long places = takesTurns ? TURNS * groups : groups;
    return places * (1 + bytesOfGroup) > mostBytes
        ? null
        : new GroupPlaces(idCounts, (int) groups, takesTurns);
  }

  /** How many places there are. */
  int count() {
    return turns == null ? groups : TURNS * groups;
  }

  long bytes() {
    return taken.length;
  }

  /**
   * Sets {@code places[i]} to the place of ids {@code ids[key][i]}; there is a dimension.
   *
   * @param count at most {@link RowSet#BLOCK_ROWS}
   */
  void find(int[][] ids, int count, int[] places) {
    System.arraycopy(ids[1], 0, places, 0, count);
    if (idCounts[0] > 1) {
      addBuckets(places, idCounts[1], ids[0], count);
    }
    for (int key = 2; key < ids.length; key++) {
      if (idCounts[key] > 1) {
        pack(places, idCounts[key], ids[key], count);
      }
    }
    mark(taken, places, count);
  }

  private static void addBuckets(int[] places, int factor, int[] buckets, int count) {
    for (int i = 0; i < count; i++) {
      places[i] += (buckets[i] - 1) * factor;
    }
  }

  private static void pack(int[] places, int factor, int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      places[i] = places[i] * factor + ids[i];
    }
  }

  private static void mark(boolean[] taken, int[] places, int count) {
    for (int i = 0; i < count; i++) {
      taken[places[i]] = true;
    }
  }

  /** Lets neighbouring rows of a group have places of their own, where groups have several. */
  void takeTurns(int[] places, int count) {
    int[] added = turns;
    if (added == null) {
      return;
    }
    for (int i = 0; i < count; i++) {
      places[i] += added[i];
    }
  }

  /** How many places each group has; the first is below {@link #groups}. */
  int turns() {
    return turns == null ? 1 : TURNS;
  }

  /** How many groups there may be. */
  int groups() {
    return groups;
  }

  /** The places that some row had, ascending. */
  int[] taken() {
    int[] places = new int[groups];
    int count = 0;
    for (int place = 0; place < groups; place++) {
      places[count] = place;
      count += taken[place] ? 1 : 0;
    }
    return Arrays.copyOf(places, count);
  }

  /** Of each key, the ids of these places. */
  int[][] keys(int[] places) {
    int[][] keys = new int[idCounts.length][];
    int below = 1;
    for (int key = idCounts.length - 1; key >= 0; key--) {
      keys[key] = ids(places, below, idCounts[key], key == 0 ? 1 : 0);
      below *= idCounts[key];
    }
    return keys;
  }

  private int[] ids(int[] places, int below, int count, int first) {
    int[] ids = new int[places.length];
    if (count == groups && first == 0) {
      System.arraycopy(places, 0, ids, 0, ids.length);
    } else if (count == 1) {
      Arrays.fill(ids, first);
    } else {
      for (int i = 0; i < ids.length; i++) {
        ids[i] = first + places[i] / below % count;
      }
    }
    return ids;
  }
}
