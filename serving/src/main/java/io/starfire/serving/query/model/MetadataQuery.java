package io.starfire.serving.query.model;

/** A query about a data source, not for its rows. */
public sealed interface MetadataQuery extends Query
    permits TimeBoundaryQuery, DataSourceMetadataQuery, SegmentMetadataQuery {}
