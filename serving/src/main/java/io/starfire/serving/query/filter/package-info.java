/**
 * Filters: finds the rows of a block that a filter matches, by bitmap indexes, by dictionary ids,
 * or by the values.
 */
package io.starfire.serving.query.filter;
