/**
 * The archiver: copies the raw topics of a pipeline to Parquet files, as they came, and lists them
 * in a manifest. {@link io.starfire.archiver.Archiver} starts it.
 */
package io.starfire.archiver;
