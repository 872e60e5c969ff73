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
import org.jspecify.annotations.Nullable;

/**
 * The values of each group of a query: dimensions, then aggregations, then post-aggregations. Each
 * has a different name. Immutable.
 */
public final class Outputs {
  private final List<GroupDimension> dimensions;
  private final List<Aggregation> aggregations;
  private final List<PostAggregation> postAggregations;
  private final Map<String, OutputType> types = new LinkedHashMap<>();
  private final List<String> names;
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
    dimensions.forEach(
        dimension -> add(dimension.outputName(), OutputType.of(dimension.outputType())));
    aggregations.forEach(one -> add(one.name(), one.output()));
    for (PostAggregation post : postAggregations) {
      add(post.name(), post.typeOver(Collections.unmodifiableMap(types)));
    }
    this.names = List.copyOf(types.keySet());
  }

  public Outputs(AggregateQuery query) {
    this(query.dimensions(), query.aggregations(), query.postAggregations());
  }

  private void add(String name, OutputType type) {
    positions.put(name, positions.size());
    if (types.put(name, type) != null) {
      throw QueryChecks.invalid("two outputs are named '%s'; each needs a name of its own", name);
    }
  }

  /** In the order of the values. */
  public List<String> names() {
    return names;
  }

  public boolean has(String name) {
    return types.containsKey(name);
  }

  public ColumnType type(String name) {
    return output(name).type();
  }

  public OutputType output(String name) {
    return requireNonNull(types.get(name), name);
  }

  /**
   * Returns if groups can be compared by an output.
   *
   * @param use what for, such as {@code a limitSpec}
   */
  void checkOrdered(String name, String use) {
    boolean isArray = has(name) && output(name).element() != null && isAggregation(name);
    if (!isArray) {
      checkValue(name, use);
    }
  }

  /** Returns if what an output gives is a number or a text. */
  void checkValue(String name, String use) {
    if (has(name) && type(name) == ColumnType.COMPLEX) {
      throw QueryChecks.invalid(
          "%s compares groups by '%s', which is %s and has no order; name a number or a text",
          use, name, output(name).describe());
    }
  }

  private boolean isAggregation(String name) {
    int aggregation = position(name) - dimensions.size();
    return aggregation >= 0 && aggregation < aggregations.size();
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
   * @param sketches those behind the aggregations, in order; null where there is none
   */
  public List<Object> values(
      List<Object> keys, List<Object> aggregates, @Nullable SketchValue[] sketches) {
    Object[] values = new Object[types.size()];
    int at = 0;
    for (Object key : keys) {
      values[at++] = key;
    }
    for (Object aggregate : aggregates) {
      values[at++] = aggregate;
    }
    if (!postAggregations.isEmpty()) {
      OutputValues byName = new OutputValues();
      for (int i = 0; i < at; i++) {
        int aggregation = i - keys.size();
        byName.add(names.get(i), values[i], aggregation < 0 ? null : sketches[aggregation]);
      }
      for (PostAggregation post : postAggregations) {
        values[at] = post.compute(byName);
        byName.add(post.name(), values[at++], null);
      }
    }
    return Arrays.asList(values);
  }
}
