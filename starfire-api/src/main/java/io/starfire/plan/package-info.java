/**
 * The plan of a pipeline: its operators, the stages between shuffles, the reach of a batch run, the
 * windows that a driver grants, the delay budget, the fingerprint and the explanation.
 */
package io.starfire.plan;
