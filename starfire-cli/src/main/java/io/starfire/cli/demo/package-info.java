/**
 * The demonstration: the whole loop in one JVM, with a generator of events and the truth beside it.
 */
package io.starfire.cli.demo;
