/**
 * Columns of values that grow, each an array of primitives, with a form in bytes. What a query
 * holds for its groups is made of them.
 */
package io.starfire.serving.query.vector;
