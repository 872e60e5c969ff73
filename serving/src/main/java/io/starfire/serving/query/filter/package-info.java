/**
 * What a query keeps: which rows of a block a filter matches, by bitmap indexes, by dictionary ids,
 * or by looking at the values.
 */
package io.starfire.serving.query.filter;
