/**
 * Reads queries: turns Druid's native JSON into the records of {@code model}. Does nothing else.
 */
package io.starfire.serving.query.json;
