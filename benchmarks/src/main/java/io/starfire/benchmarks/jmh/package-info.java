/** Loops over columns, each alone, by JMH. */
package io.starfire.benchmarks.jmh;
