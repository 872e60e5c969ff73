/** What a query may use while it runs: its time, its memory, and how it is cancelled. */
package io.starfire.serving.query.control;
