package io.starfire.serving.query;

/** A query about what a data source holds, rather than for its rows. */
public sealed interface MetadataQuery extends Query
    permits TimeBoundaryQuery, DataSourceMetadataQuery, SegmentMetadataQuery {}
