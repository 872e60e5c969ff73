package io.starfire.serving.sql.plan;

import com.google.common.collect.BoundType;
import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import com.google.common.collect.TreeRangeSet;
import io.starfire.common.Interval;
import io.starfire.serving.sql.function.ExpressionWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.Sarg;
import org.jspecify.annotations.Nullable;

/**
 * What a condition says of {@code __time}, as intervals, and what it says besides.
 *
 * @param intervals in order; empty if no time fits
 * @param rest the other conditions; null if there are none
 */
record TimeRanges(List<Interval> intervals, @Nullable RexNode rest) {
  /** More intervals than these stay a filter. */
  private static final int MAX_INTERVALS = 200;

  private static final TimeRanges ALL = new TimeRanges(List.of(Interval.ETERNITY), null);

  static TimeRanges of(
      @Nullable RexNode condition, int timeColumn, ExpressionWriter writer, RexBuilder rexes) {
    if (condition == null) {
      return ALL;
    }
    if (timeColumn < 0) {
      return new TimeRanges(ALL.intervals, condition);
    }
    Reader reader = new Reader(timeColumn, writer, rexes);
    RangeSet<Long> ranges = TreeRangeSet.create(ImmutableRangeSet.of(eternity()));
    List<RexNode> rest = new ArrayList<>();
    for (RexNode one : RelOptUtil.conjunctions(condition)) {
      RangeSet<Long> said = reader.ranges(one);
      if (said == null || said.asRanges().size() > MAX_INTERVALS) {
        rest.add(one);
      } else {
        ranges.removeAll(said.complement());
      }
    }
    List<Interval> intervals = new ArrayList<>();
    for (Range<Long> range : ranges.asRanges()) {
      if (range.lowerEndpoint() < range.upperEndpoint()) {
        intervals.add(new Interval(range.lowerEndpoint(), range.upperEndpoint()));
      }
    }
    return new TimeRanges(
        intervals, rest.isEmpty() ? null : RexUtil.composeConjunction(rexes, rest));
  }

  private static Range<Long> eternity() {
    return Range.closedOpen(Interval.ETERNITY.startMillis(), Interval.ETERNITY.endMillis());
  }

  /** Reads conditions on the time alone. */
  private record Reader(int timeColumn, ExpressionWriter writer, RexBuilder rexes) {
    /** The times for which a condition is true, as half-open ranges; null if it says more. */
    @Nullable RangeSet<Long> ranges(RexNode node) {
      if (!(node instanceof RexCall call)) {
        return null;
      }
      return switch (call.getKind()) {
        case OR -> any(call.getOperands());
        case AND -> all(call.getOperands());
        case SEARCH -> search(call);
        case EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
            comparison(call);
        default -> null;
      };
    }

    private @Nullable RangeSet<Long> any(List<RexNode> nodes) {
      RangeSet<Long> found = TreeRangeSet.create();
      for (RexNode node : nodes) {
        RangeSet<Long> one = ranges(node);
        if (one == null) {
          return null;
        }
        found.addAll(one);
      }
      return found;
    }

    private @Nullable RangeSet<Long> all(List<RexNode> nodes) {
      RangeSet<Long> found = TreeRangeSet.create(ImmutableRangeSet.of(eternity()));
      for (RexNode node : nodes) {
        RangeSet<Long> one = ranges(node);
        if (one == null) {
          return null;
        }
        found.removeAll(one.complement());
      }
      return found;
    }

    /** Whether an expression is the time itself: a cast to a date is not. */
    private boolean isTime(RexNode node) {
      RexNode bare = node;
      while (bare instanceof RexCall call
          && call.getKind() == SqlKind.CAST
          && (call.getType().getSqlTypeName() == SqlTypeName.TIMESTAMP
              || call.getType().getSqlTypeName() == SqlTypeName.BIGINT)) {
        bare = call.getOperands().get(0);
      }
      return bare instanceof RexInputRef ref && ref.getIndex() == timeColumn;
    }

    private @Nullable RangeSet<Long> comparison(RexCall call) {
      boolean first = isTime(call.getOperands().get(0));
      if (!first && !isTime(call.getOperands().get(1))) {
        return null;
      }
      Constants.Value value = Constants.of(call.getOperands().get(first ? 1 : 0), writer);
      if (value == null || !(value.value() instanceof Long millis)) {
        return null;
      }
      SqlKind kind = first ? call.getKind() : call.getKind().reverse();
      return clipped(
          switch (kind) {
            case EQUALS -> Range.closed(millis, millis);
            case LESS_THAN -> Range.lessThan(millis);
            case LESS_THAN_OR_EQUAL -> Range.atMost(millis);
            case GREATER_THAN -> Range.greaterThan(millis);
            default -> Range.atLeast(millis);
          });
    }

    private @Nullable RangeSet<Long> search(RexCall call) {
      RexLiteral literal = (RexLiteral) call.getOperands().get(1);
      Sarg<?> sarg = literal.getValueAs(Sarg.class);
      if (sarg == null || !isTime(call.getOperands().get(0))) {
        return null;
      }
      RangeSet<Long> found = TreeRangeSet.create();
      for (Object one : sarg.rangeSet.asRanges()) {
        Range<?> range = (Range<?>) one;
        Range<Long> times = Range.all();
        if (range.hasLowerBound()) {
          times =
              times.intersection(
                  Range.downTo(millis(range.lowerEndpoint(), literal), range.lowerBoundType()));
        }
        if (range.hasUpperBound()) {
          Range<Long> upTo =
              Range.upTo(millis(range.upperEndpoint(), literal), range.upperBoundType());
          if (!times.isConnected(upTo)) {
            continue;
          }
          times = times.intersection(upTo);
        }
        found.addAll(clipped(times));
      }
      return found;
    }

    private long millis(Object endpoint, RexLiteral of) {
      RexLiteral literal = (RexLiteral) rexes.makeLiteral(endpoint, of.getType(), true, true);
      Object value = writer.value(literal);
      return value instanceof Long millis ? millis : 0;
    }

    /** As half-open ranges of whole milliseconds within all of time. */
    private static RangeSet<Long> clipped(Range<Long> range) {
      Range<Long> all = eternity();
      long lower = all.lowerEndpoint();
      long upper = all.upperEndpoint();
      if (range.hasLowerBound()) {
        long start = range.lowerEndpoint();
        boolean open = range.lowerBoundType() == BoundType.OPEN;
        lower = Math.max(lower, open && start < upper ? start + 1 : start);
      }
      if (range.hasUpperBound()) {
        long end = range.upperEndpoint();
        boolean closed = range.upperBoundType() == BoundType.CLOSED;
        upper = Math.min(upper, closed && end < upper ? end + 1 : end);
      }
      return lower < upper
          ? ImmutableRangeSet.of(Range.closedOpen(lower, upper))
          : ImmutableRangeSet.of();
    }
  }
}
