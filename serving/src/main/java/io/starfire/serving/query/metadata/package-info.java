/** What is known of the data: the times of the first and the last row, and what segments hold. */
package io.starfire.serving.query.metadata;
