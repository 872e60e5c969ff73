/** The limits of a running query: its time and its memory, and its cancellation. */
package io.starfire.serving.query.control;
