/** Starfire's codec of records beside Avro's own. */
package io.starfire.benchmarks.codec;
