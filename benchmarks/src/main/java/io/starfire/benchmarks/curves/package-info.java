/** How the time of queries grows: with rows, segments and values, and after a start. */
package io.starfire.benchmarks.curves;
