/**
 * Runs queries that aggregate over one row set: the rows of a block that match are put into groups,
 * and accumulators combine their values. The result is partial; partial results are merged here
 * too.
 */
package io.starfire.serving.query.exec;
