/**
 * Druid's expression language as text and as a tree: reads {@code added * 2 > delta} with the
 * precedence of its operators. What a tree computes is in {@code serving.query.compute}.
 */
package io.starfire.serving.query.expression;
