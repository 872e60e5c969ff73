package io.starfire.serving.query.model;

/** A query about what a data source holds, rather than for its rows. */
public sealed interface MetadataQuery extends Query
    permits TimeBoundaryQuery, DataSourceMetadataQuery, SegmentMetadataQuery {}
