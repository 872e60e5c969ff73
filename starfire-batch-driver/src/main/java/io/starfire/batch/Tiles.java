package io.starfire.batch;

import io.starfire.common.ErrorCode;
import io.starfire.common.Interval;
import io.starfire.common.StarfireException;
import io.starfire.common.Times;
import io.starfire.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** Cuts the interval of a run into tiles, which are computed one by one. Stateless. */
final class Tiles {
  private static final int MOST = 100_000;

  private Tiles() {}

  /**
   * The tiles of a run.
   *
   * @param period their length, such as P1D or P1M; the last one may be shorter. Empty: one tile
   * @throws StarfireException with INVALID_INPUT if it is no such length, or a tile is not made of
   *     whole segment buckets
   */
  static List<Interval> of(Plan plan, Interval interval, String period) {
    if (period.isEmpty()) {
      return List.of(interval);
    }
    List<Interval> tiles = new ArrayList<>();
    long start = interval.startMillis();
    while (start < interval.endMillis()) {
      long end = Math.min(Times.plusPeriod(start, period), interval.endMillis());
      if (end <= start || tiles.size() == MOST) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "--tile %s does not cut %s into at most %,d parts; write it like P1D, P1M or PT6H"
                .formatted(period, interval, MOST));
      }
      Interval tile = new Interval(start, end);
      try {
        RunCheck.interval(plan, tile);
      } catch (StarfireException e) {
        throw new StarfireException(e.code(), "--tile %s: %s".formatted(period, e.getMessage()), e);
      }
      tiles.add(tile);
      start = end;
    }
    return tiles;
  }
}
