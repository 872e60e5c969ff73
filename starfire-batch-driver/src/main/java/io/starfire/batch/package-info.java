/**
 * The batch driver: runs a plan as a chain of MapReduce jobs, builds segments and publishes them.
 * The entry points are {@link io.starfire.batch.Main} and {@link io.starfire.batch.BatchRun}.
 */
package io.starfire.batch;
