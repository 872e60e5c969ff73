package io.starfire.serving.query.model;

import static java.util.Objects.requireNonNull;

import io.starfire.event.ColumnType;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of each group of a query: dimensions, then aggregations, then post-aggregations. Each
 * has a different name. Immutable.
 */
public final class Outputs {
  private final List<GroupDimension> dimensions;
  private final List<Aggregation> aggregations;
  private final List<PostAggregation> postAggregations;
  private final Map<String, ColumnType> types = new LinkedHashMap<>();
  private final Map<String, Integer> positions = new HashMap<>();

  /**
   * The outputs of a query.
   *
   * @throws io.starfire.common.StarfireException with INVALID_INPUT if two have the same name, or a
   *     post-aggregation reads a value that does not exist
   */
  Outputs(
      List<GroupDimension> dimensions,
      List<Aggregation> aggregations,
      List<PostAggregation> postAggregations) {
    this.dimensions = dimensions;
    this.aggregations = aggregations;
    this.postAggregations = postAggregations;
    dimensions.forEach(dimension -> add(dimension.outputName(), dimension.outputType()));
    aggregations.forEach(aggregation -> add(aggregation.name(), aggregation.kind().type()));
    for (PostAggregation post : postAggregations) {
      add(post.name(), post.typeOver(Collections.unmodifiableMap(types)));
    }
  }

  public Outputs(AggregateQuery query) {
    this(query.dimensions(), query.aggregations(), query.postAggregations());
  }

  private void add(String name, ColumnType type) {
    positions.put(name, positions.size());
    if (types.put(name, type) != null) {
      throw QueryChecks.invalid("two outputs are named '%s'; each needs a name of its own", name);
    }
  }

  /** In the order of the values. */
  public List<String> names() {
    return List.copyOf(types.keySet());
  }

  public boolean has(String name) {
    return types.containsKey(name);
  }

  public ColumnType type(String name) {
    return requireNonNull(types.get(name), name);
  }

  /** The index of the value in the list that {@link #values} gives. */
  public int position(String name) {
    return requireNonNull(positions.get(name), name);
  }

  /** Whether the name is that of a dimension. */
  public boolean isDimension(String name) {
    return has(name) && position(name) < dimensions.size();
  }

  /** How the values of an aggregation or post-aggregation are ordered: nulls first. */
  public Comparator<Object> order(String name) {
    int post = position(name) - dimensions.size() - aggregations.size();
    return post < 0 ? ValueOrder::compareNaturally : postAggregations.get(post).order();
  }

  /**
   * The values of one group.
   *
   * @param keys of the dimensions
   * @param aggregates the results of the aggregations, in order
   */
  public List<Object> values(List<Object> keys, List<Object> aggregates) {
    Object[] values = new Object[types.size()];
    int at = 0;
    for (Object key : keys) {
      values[at++] = key;
    }
    for (Object aggregate : aggregates) {
      values[at++] = aggregate;
    }
    if (!postAggregations.isEmpty()) {
      Map<String, Object> byName = new HashMap<>();
      int i = 0;
      for (String name : types.keySet()) {
        byName.put(name, values[i++]);
      }
      for (PostAggregation post : postAggregations) {
        values[at] = post.compute(byName);
        byName.put(post.name(), values[at++]);
      }
    }
    return Arrays.asList(values);
  }
}
