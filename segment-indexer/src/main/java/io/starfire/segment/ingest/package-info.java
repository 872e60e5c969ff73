/**
 * Druid's ingestion specs: reading them, and making rows of a data source from the records that
 * they describe. Knows nothing of Kafka, and of files only how to read them line by line.
 */
package io.starfire.segment.ingest;
