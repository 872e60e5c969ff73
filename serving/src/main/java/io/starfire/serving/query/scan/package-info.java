/**
 * Scans: reads the rows of one source or of several one after the other, and writes them while it
 * reads.
 */
package io.starfire.serving.query.scan;
