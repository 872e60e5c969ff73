/**
 * How the work of a query is spread: over threads that all queries share, over parts of row sets,
 * and over slices of groups, which are merged at once and wait on disk where memory is short.
 */
package io.starfire.serving.query.run;
