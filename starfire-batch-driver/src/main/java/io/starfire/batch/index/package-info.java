/**
 * The batch job without a pipeline: files of rows, an ingestion spec, one publication. A single
 * pass in bounded memory, without MapReduce. The entry points are {@link
 * io.starfire.batch.index.IndexMain} and {@link io.starfire.batch.index.IndexRun}.
 */
package io.starfire.batch.index;
