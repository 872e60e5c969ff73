package io.starfire.serving.realtime;

import io.starfire.event.DataRow;
import io.starfire.event.DataSourceSchema;
import io.starfire.segment.index.IncrementalIndex;
import io.starfire.segment.ingest.DimensionCatalog;
import java.util.Optional;

/**
 * The schema of the rows that come: one that stays, or that of a catalog of discovered dimensions,
 * which only gets longer. Thread-safe.
 */
final class RowSchemas {
  private final DataSourceSchema fixed;
  private final Optional<DimensionCatalog> catalog;

  RowSchemas(DataSourceSchema fixed, Optional<DimensionCatalog> catalog) {
    this.fixed = fixed;
    this.catalog = catalog;
  }

  static RowSchemas fixed(DataSourceSchema schema) {
    return new RowSchemas(schema, Optional.empty());
  }

  /** Of this moment. */
  DataSourceSchema current() {
    return catalog.map(DimensionCatalog::schema).orElse(fixed);
  }

  IncrementalIndex newIndex() {
    return catalog.isPresent() ? IncrementalIndex.growing(current()) : new IncrementalIndex(fixed);
  }

  /** Adds a row to an index, which first gets the dimensions that only the row has. */
  void add(IncrementalIndex index, DataRow row) {
    if (catalog.isPresent() && row.dimensionCount() > index.schema().dimensions().size()) {
      index.grow(current());
    }
    index.add(row);
  }
}
