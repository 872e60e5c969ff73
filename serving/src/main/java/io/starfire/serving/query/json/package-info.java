/**
 * How a query is read: Druid's native JSON becomes the records of {@code model}. Knows nothing
 * else.
 */
package io.starfire.serving.query.json;
