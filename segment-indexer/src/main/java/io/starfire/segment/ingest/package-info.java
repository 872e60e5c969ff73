/**
 * Reads Druid's ingestion specs, and makes rows of a data source from the records that they
 * describe. Does not depend on Kafka; reads text files line by line.
 */
package io.starfire.segment.ingest;
