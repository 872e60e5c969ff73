package io.starfire.protocol;

import io.starfire.event.DataSourceSchema;

/**
 * {@code POST /starfire/v1/datasources}: a data source that a stream driver (or a batch run)
 * writes.
 *
 * @param schema its columns
 * @param topic that the real-time node reads its rows from; null if only batch runs write it
 */
public record DataSourceRegistration(DataSourceSchema schema, String topic) {}
