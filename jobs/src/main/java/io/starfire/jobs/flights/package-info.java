/**
 * Real flights: an enrichment without state, on public data. {@code flights-sample.parquet}, beside
 * these classes, holds 10,000 of the 3,000,000 flights of the first half of 2001 that the npm
 * package vega-datasets 3.2.1 has (public data of the US Department of Transportation): 20
 * stretches of 500 rows in the file's order, the first at row 0, the last at its end, and the
 * starts of the others as far apart as each other.
 */
package io.starfire.jobs.flights;
