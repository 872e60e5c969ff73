/** Processes of a benchmark, how it talks with them, and what they run on. */
package io.starfire.benchmarks.process;
