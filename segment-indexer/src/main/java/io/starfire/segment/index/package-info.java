/** Rows in memory before they are written to a segment: rolled up, and queryable at once. */
package io.starfire.segment.index;
