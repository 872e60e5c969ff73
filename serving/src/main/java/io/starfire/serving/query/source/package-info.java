/**
 * The rows of data sources that are no tables, as row sets like any other: rows of a query, of a
 * lookup or of an inner query in memory, and joins.
 */
package io.starfire.serving.query.source;
