/** The join of the benchmark on Flink. */
package io.starfire.benchmarks.flink;
