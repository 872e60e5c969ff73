/**
 * What all packages of the batch driver need: the lines about a run's progress, waits that say what
 * they wait for, and temporary directories. Imports nothing of the batch driver. Internal to it.
 */
package io.starfire.batch.base;
