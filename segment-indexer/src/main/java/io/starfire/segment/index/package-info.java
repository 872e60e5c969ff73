/** Rows on their way into a segment: rolled up in memory, and queryable at once. */
package io.starfire.segment.index;
