/**
 * How a query that aggregates runs over one row set: blocks of chosen rows are put into groups, and
 * aggregators add them up. What comes out is a partial result; partial results are merged here.
 */
package io.starfire.serving.query.exec;
