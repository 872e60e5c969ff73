package io.starfire.segment.ingest;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.ColumnType;
import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The schema of a data source whose dimensions are discovered in the data. Dimensions are only
 * appended, so that each schema's dimensions begin with those of every earlier one. So rows that
 * are sorted under an earlier schema are sorted under a later one too, with nulls in the new
 * columns. Discovered dimensions are STRING dimensions.
 *
 * <p>Thread-safe.
 */
public final class DimensionCatalog {
  private final int maxDimensions;
  private final Map<String, Integer> numbers = new HashMap<>();
  private volatile DataSourceSchema schema;

  /**
   * A catalog that starts with the dimensions of {@code schema}.
   *
   * @param maxDimensions the largest number of dimensions, inclusive
   */
  public DimensionCatalog(DataSourceSchema schema, int maxDimensions) {
    this.schema = requireNonNull(schema, "schema");
    this.maxDimensions = maxDimensions;
    if (maxDimensions < schema.dimensions().size()) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "data source '%s' has %d dimensions, more than the limit of %d"
              .formatted(schema.name(), schema.dimensions().size(), maxDimensions));
    }
    number(schema.dimensions());
  }

  /** The current schema. */
  public DataSourceSchema schema() {
    return schema;
  }

  /** The largest number of dimensions, inclusive. */
  public int maxDimensions() {
    return maxDimensions;
  }

  /**
   * Appends those of the dimensions that are new, either all or none.
   *
   * @return false if there would be too many dimensions; nothing has changed then
   */
  public synchronized boolean add(List<String> found) {
    List<DimensionSpec> dimensions = new ArrayList<>(schema.dimensions());
    for (String name : new LinkedHashSet<>(found)) {
      if (!numbers.containsKey(name)) {
        dimensions.add(new DimensionSpec(name, ColumnType.STRING));
      }
    }
    if (dimensions.size() > maxDimensions) {
      return false;
    }
    schema =
        new DataSourceSchema(
            schema.name(),
            dimensions,
            schema.metrics(),
            schema.segmentGranularity(),
            schema.queryGranularity(),
            schema.rollup());
    number(dimensions);
    return true;
  }

  /** The index of a dimension; -1 if it is not there. */
  public synchronized int indexOf(String name) {
    return numbers.getOrDefault(name, -1);
  }

  private synchronized void number(List<DimensionSpec> dimensions) {
    for (int i = numbers.size(); i < dimensions.size(); i++) {
      numbers.put(dimensions.get(i).name(), i);
    }
  }
}
