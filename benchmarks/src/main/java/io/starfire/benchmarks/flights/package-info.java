/**
 * Real flights through all of Starfire, as processes of their own, and through DuckDB beside it:
 * the numbers have to be equal.
 */
package io.starfire.benchmarks.flights;
