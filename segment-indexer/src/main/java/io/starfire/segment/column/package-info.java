/** How the query engine reads rows, whether they are live, persisted or in a segment. */
package io.starfire.segment.column;
