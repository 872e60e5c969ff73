/** Segments: identity, format, incremental index, merge, check, deep storage. */
package io.starfire.segment;
