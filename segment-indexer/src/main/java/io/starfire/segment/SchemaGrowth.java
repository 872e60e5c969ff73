package io.starfire.segment;

import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Schemas of one data source that grow: the dimensions of each begin with those of the one before,
 * and nothing else changes. Rows of such schemas can share an index and a segment. Stateless.
 */
public final class SchemaGrowth {
  private SchemaGrowth() {}

  /** Whether {@code wider} is {@code narrower} with any number of dimensions appended. */
  public static boolean isExtension(DataSourceSchema wider, DataSourceSchema narrower) {
    List<DimensionSpec> more = wider.dimensions();
    List<DimensionSpec> fewer = narrower.dimensions();
    return more.size() >= fewer.size()
        && more.subList(0, fewer.size()).equals(fewer)
        && wider.metrics().equals(narrower.metrics());
  }

  /**
   * Whether rows of both schemas fit one index: one extends the other, and both store rows in the
   * same way.
   */
  public static boolean share(DataSourceSchema one, DataSourceSchema other) {
    return one.rollup() == other.rollup()
        && one.queryGranularity() == other.queryGranularity()
        && one.segmentGranularity() == other.segmentGranularity()
        && (isExtension(one, other) || isExtension(other, one));
  }

  /**
   * Appends the dimensions that only {@code other} has. Nothing else is taken from it. Returns the
   * schema unchanged if the other one has other metrics, or gives a column another type.
   */
  public static DataSourceSchema withDimensionsOf(DataSourceSchema schema, DataSourceSchema other) {
    Map<String, DimensionSpec> dimensions = new LinkedHashMap<>();
    schema.dimensions().forEach(dimension -> dimensions.put(dimension.name(), dimension));
    boolean sameTypes = true;
    for (DimensionSpec dimension : other.dimensions()) {
      DimensionSpec known = dimensions.putIfAbsent(dimension.name(), dimension);
      sameTypes &= known == null || known.equals(dimension);
    }
    if (!sameTypes || !schema.metrics().equals(other.metrics())) {
      return schema;
    }
    return new DataSourceSchema(
        schema.name(),
        List.copyOf(dimensions.values()),
        schema.metrics(),
        schema.segmentGranularity(),
        schema.queryGranularity(),
        schema.rollup());
  }

  /**
   * The schema with the most dimensions.
   *
   * @param schemas at least one; each an extension of those that have fewer dimensions
   */
  public static DataSourceSchema widest(List<DataSourceSchema> schemas) {
    DataSourceSchema widest = schemas.get(0);
    for (DataSourceSchema schema : schemas) {
      if (schema.dimensions().size() > widest.dimensions().size()) {
        widest = schema;
      }
    }
    return widest;
  }
}
