package io.starfire.segment;

import io.starfire.event.DataSourceSchema;
import io.starfire.event.DimensionSpec;
import java.util.List;

/**
 * Schemas of data sources whose dimensions are discovered: each one's dimensions begin with those
 * of the one before, and nothing else changes. Stateless.
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
