/** Native queries against running servers that speak Druid's protocol, and DuckDB beside them. */
package io.starfire.benchmarks.peers;
