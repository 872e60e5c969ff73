/** Measures Starfire as a whole process does: see docs/benchmarks.md. */
package io.starfire.benchmarks;
