/** Sketches as bytes: what a column holds, what an aggregate adds up, and what can be asked. */
package io.starfire.segment.sketch;
