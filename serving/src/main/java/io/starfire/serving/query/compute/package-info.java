/**
 * Computes expressions and other derived columns over blocks of rows. {@code Functions} lists the
 * functions of the expression language; {@code DerivedRows} shows a row set with the columns that a
 * query computes beside its own, so that filters, dimensions and aggregators read both alike.
 */
package io.starfire.serving.query.compute;
