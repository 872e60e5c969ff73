/**
 * The rows themselves: read one after the other, of one source or of several, and written while
 * they are read.
 */
package io.starfire.serving.query.scan;
