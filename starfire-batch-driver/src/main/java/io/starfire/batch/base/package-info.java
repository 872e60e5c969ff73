/**
 * What all packages of the batch driver need: its JSON, the lines about a run's progress, and waits
 * that say what they wait for. Imports nothing of the batch driver. Internal to it.
 */
package io.starfire.batch.base;
