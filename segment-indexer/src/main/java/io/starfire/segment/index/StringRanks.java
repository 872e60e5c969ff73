package io.starfire.segment.index;

import java.util.Arrays;

/**
 * Where each value of a snapshot's string column stands in the order of values, and each code,
 * lists included, in the order of rows. Immutable.
 */
final class StringRanks {
  private final int[] idAtRank;
  private final int[] rankOfId;

  /** Rank among all codes; the same array as {@link #rankOfId} if there are no lists. */
  private final int[] orderOfId;

  private final int[] orderOfList;

  private StringRanks(int[] idAtRank, int[] rankOfId, int[] orderOfId, int[] orderOfList) {
    this.idAtRank = idAtRank;
    this.rankOfId = rankOfId;
    this.orderOfId = orderOfId;
    this.orderOfList = orderOfList;
  }

  static StringRanks of(LiveStringColumn column) {
    int[] idAtRank = TextSorter.sorted(column.texts());
    int[] rankOfId = new int[idAtRank.length];
    for (int rank = 0; rank < idAtRank.length; rank++) {
      rankOfId[idAtRank[rank]] = rank;
    }
    if (column.listCount() == 0) {
      return new StringRanks(idAtRank, rankOfId, rankOfId, new int[0]);
    }
    return withLists(column, idAtRank, rankOfId);
  }

  /** Orders single values and lists together: numbers from the cardinality on stand for lists. */
  private static StringRanks withLists(LiveStringColumn column, int[] idAtRank, int[] rankOfId) {
    int ids = rankOfId.length;
    int[][] ranks = new int[ids + column.listCount()][];
    for (int id = 0; id < ids; id++) {
      ranks[id] = new int[] {rankOfId[id]};
    }
    for (int list = 0; list < column.listCount(); list++) {
      ranks[ids + list] = Arrays.stream(column.list(list)).map(id -> rankOfId[id]).toArray();
    }
    Integer[] sorted = numbers(ranks.length);
    Arrays.sort(sorted, (a, b) -> Arrays.compare(ranks[a], ranks[b]));
    int[] orderOfId = new int[ids];
    int[] orderOfList = new int[column.listCount()];
    for (int order = 0; order < sorted.length; order++) {
      int number = sorted[order];
      if (number < ids) {
        orderOfId[number] = order;
      } else {
        orderOfList[number - ids] = order;
      }
    }
    return new StringRanks(idAtRank, rankOfId, orderOfId, orderOfList);
  }

  private static Integer[] numbers(int count) {
    Integer[] numbers = new Integer[count];
    Arrays.setAll(numbers, Integer::valueOf);
    return numbers;
  }

  /** The place of a code among all codes. */
  int rank(int code) {
    return code >= 0 ? orderOfId[code] : orderOfList[~code];
  }

  int rankOfId(int id) {
    return rankOfId[id];
  }

  int idAtRank(int rank) {
    return idAtRank[rank];
  }
}
