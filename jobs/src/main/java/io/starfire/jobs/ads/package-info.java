/**
 * The pipeline of the RADStack paper over ad impressions and clicks, a generator of such events,
 * and the exact answer beside it.
 */
package io.starfire.jobs.ads;
