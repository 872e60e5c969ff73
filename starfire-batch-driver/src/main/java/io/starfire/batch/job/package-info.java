/** The MapReduce jobs of a run. Internal to the batch driver. */
package io.starfire.batch.job;
