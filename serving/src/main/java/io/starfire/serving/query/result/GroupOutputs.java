package io.starfire.serving.query.result;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.control.QueryControl;
import io.starfire.serving.query.model.AggregateQuery;
import io.starfire.serving.query.model.Outputs;
import io.starfire.serving.query.model.SketchValue;
import io.starfire.serving.query.partial.Partial;
import io.starfire.serving.query.partial.TextDictionary;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The outputs of the groups of a merged partial result: dimensions, aggregations and
 * post-aggregations. They are read where they are; only a post-aggregation by which groups are
 * ordered or chosen is computed for all groups. Not thread-safe.
 */
final class GroupOutputs {
  private static final int GROUPS_BETWEEN_CHECKS = 1024;

  private final AggregateQuery query;
  private final Outputs outputs;
  private final Partial partial;
  private final QueryControl control;
  private final Map<Integer, OutputColumn> columns = new HashMap<>();

  GroupOutputs(AggregateQuery query, Partial partial, QueryControl control) {
    this.query = query;
    this.outputs = new Outputs(query);
    this.partial = partial;
    this.control = control;
  }

  int size() {
    return partial.groupCount();
  }

  long timeMillis(int group) {
    return partial.timeMillis(group);
  }

  Outputs outputs() {
    return outputs;
  }

  /** The output at a position of {@link Outputs#names}. */
  OutputColumn column(int position) {
    return columns.computeIfAbsent(position, this::make);
  }

  private OutputColumn make(int position) {
    int dimensions = query.dimensions().size();
    if (position < dimensions) {
      return new OutputColumn.OfKey(partial.dictionary(position), partial.ids(position));
    }
    int aggregation = position - dimensions;
    return aggregation < query.aggregations().size()
        ? new OutputColumn.OfAggregate(partial.aggregate(aggregation))
        : compute(position);
  }

  private OutputColumn compute(int position) {
    ColumnType type = outputs.type(outputs.names().get(position));
    control.reserveForGroups((Long.BYTES + 1L) * size());
    long[] bits = new long[size()];
    boolean[] nulls = new boolean[size()];
    TextDictionary texts = new TextDictionary();
    for (int group = 0; group < size(); group++) {
      if (group % GROUPS_BETWEEN_CHECKS == 0) {
        control.check();
      }
      Object value = values(group).get(position);
      nulls[group] = value == null;
      if (value instanceof Number number) {
        bits[group] =
            type == ColumnType.LONG
                ? number.longValue()
                : Double.doubleToRawLongBits(number.doubleValue());
      } else if (value != null) {
        bits[group] = texts.add(value);
      }
    }
    return new OutputColumn.OfComputed(type, bits, nulls, texts);
  }

  /**
   * Returns if all aggregates of a group can be told.
   *
   * @throws io.starfire.common.StarfireException if one cannot
   */
  void check(int group) {
    for (int a = 0; a < query.aggregations().size(); a++) {
      partial.aggregate(a).check(group);
    }
  }

  /** All outputs of a group, in the order of their names. */
  List<Object> values(int group) {
    Object[] keys = new Object[query.dimensions().size()];
    for (int d = 0; d < keys.length; d++) {
      keys[d] = partial.key(group, d);
    }
    Object[] aggregates = new Object[query.aggregations().size()];
    SketchValue[] sketches = new SketchValue[aggregates.length];
    boolean computes = !query.postAggregations().isEmpty();
    for (int a = 0; a < aggregates.length; a++) {
      aggregates[a] = partial.aggregate(a).value(group);
      sketches[a] = computes ? partial.aggregate(a).sketch(group) : null;
    }
    List<Object> values = outputs.values(Arrays.asList(keys), Arrays.asList(aggregates), sketches);
    for (int a = 0; a < aggregates.length; a++) {
      values.set(keys.length + a, partial.aggregate(a).shown(group, query.context().finalizes()));
    }
    return values;
  }
}
