package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.serving.sql.rows.NativeStep;
import io.starfire.serving.sql.rows.Step;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * A native query while it is put together. It takes up what stands above it in the statement, as
 * long as the order of a native query allows: first conditions on rows, then groups, then
 * conditions on groups, what is computed of them, the order, and the limit. Immutable.
 *
 * <p>For example, {@code SELECT city, COUNT(*) FROM t WHERE x > 1 GROUP BY city ORDER BY 2 DESC
 * LIMIT 3} is a source, a filter, groups with one call, two fields, one key of an order, and a
 * limit.
 *
 * @param feed rows of another step that the source stands for; null if the source is asked itself
 * @param filter over the columns of the source; null for all rows
 * @param groups null if rows are not grouped
 * @param having over the outputs of the groups; null for all
 * @param fields what each row has: over the columns of the source, or, if there are groups, over
 *     their outputs, which are the keys and then the calls
 * @param sort over the same
 * @param offset of the rows
 * @param fetch the largest number of rows; -1 for all
 */
record NativePart(
    PlanContext context,
    Source source,
    NativeStep.@Nullable Feed feed,
    @Nullable RexNode filter,
    @Nullable Groups groups,
    @Nullable RexNode having,
    List<RexNode> fields,
    List<SortKey> sort,
    long offset,
    long fetch)
    implements Part {
  /**
   * The groups.
   *
   * @param keys over the columns of the source
   */
  record Groups(List<RexNode> keys, List<AggregationWriter.Call> calls) {}

  /** One key of the order. */
  record SortKey(RexNode value, boolean descending, boolean nullsFirst) {}

  /** All rows of a source. */
  static NativePart of(
      PlanContext context, Source source, NativeStep.@Nullable Feed feed, List<RexNode> fields) {
    return new NativePart(context, source, feed, null, null, null, fields, List.of(), 0, -1);
  }

  boolean isLimited() {
    return offset > 0 || fetch >= 0;
  }

  /** Whether its rows can be grouped, joined or filtered before they are. */
  boolean isOpen() {
    return groups == null && !isLimited();
  }

  /** An expression over its fields, as one over what they are made of. */
  RexNode below(RexNode node) {
    return node.accept(
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return fields.get(ref.getIndex());
          }
        });
  }

  List<RexNode> below(List<? extends RexNode> nodes) {
    List<RexNode> found = new ArrayList<>();
    nodes.forEach(node -> found.add(below(node)));
    return found;
  }

  /** The same of rows for which a condition is true; null if it cannot be taken up. */
  @Nullable NativePart filtered(RexNode condition) {
    if (isLimited()) {
      return null;
    }
    RexNode over = below(condition);
    return groups == null
        ? new NativePart(
            context, source, feed, and(filter, over), null, null, fields, sort, offset, fetch)
        : new NativePart(
            context, source, feed, filter, groups, and(having, over), fields, sort, offset, fetch);
  }

  private RexNode and(@Nullable RexNode one, RexNode other) {
    return one == null ? other : RexUtil.composeConjunction(context.rexes(), List.of(one, other));
  }

  /** The same with other fields. */
  NativePart projected(List<RexNode> nodes) {
    return new NativePart(
        context, source, feed, filter, groups, having, below(nodes), sort, offset, fetch);
  }

  /** Groups of its rows; null if they cannot be grouped. */
  @Nullable NativePart grouped(Groups made, List<RexNode> outputs) {
    return isOpen()
        ? new NativePart(context, source, feed, filter, made, null, outputs, List.of(), 0, -1)
        : null;
  }

  /** The same in an order, and some of it; null if it has a limit already. */
  @Nullable NativePart sorted(RelCollation collation, long newOffset, long newFetch) {
    if (isLimited()) {
      return null;
    }
    List<SortKey> keys = new ArrayList<>();
    for (RelFieldCollation one : collation.getFieldCollations()) {
      boolean descending = one.getDirection().isDescending();
      boolean nullsFirst =
          one.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
              ? !descending
              : one.nullDirection == RelFieldCollation.NullDirection.FIRST;
      keys.add(new SortKey(fields.get(one.getFieldIndex()), descending, nullsFirst));
    }
    return new NativePart(
        context,
        source,
        feed,
        filter,
        groups,
        having,
        fields,
        keys.isEmpty() ? sort : keys,
        newOffset,
        newFetch);
  }

  @Override
  public Step finish() {
    return new NativeFinish(this, false).step();
  }

  /**
   * The query as a data source of another one.
   *
   * @param json of the query
   * @param columns of its answer
   */
  record Nested(ObjectNode json, List<Source.Column> columns) {}

  /** Null if it cannot be one: steps above it are needed, or it has columns of other types. */
  @Nullable Nested nested() {
    return feed == null ? new NativeFinish(this, true).nested() : null;
  }
}
