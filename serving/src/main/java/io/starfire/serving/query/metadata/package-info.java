/** Answers queries about the data: the times of the first and last row, and what segments hold. */
package io.starfire.serving.query.metadata;
