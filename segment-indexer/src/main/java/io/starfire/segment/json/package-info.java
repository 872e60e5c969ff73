/** Nested values as JSON text: how they are written, paths into them, and what is at a path. */
package io.starfire.segment.json;
