/**
 * Partial results: the groups of a query over some of its rows, in columns of primitives. How
 * groups are found by their keys, how partial results are merged, and how they are written.
 */
package io.starfire.serving.query.partial;
