package io.starfire.serving.sql;

import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code ?} in a text.
 *
 * @param type the name of its SQL type, such as VARCHAR, BIGINT, TIMESTAMP
 * @param value null, a String, a Number, a Boolean; a TIMESTAMP as text or in milliseconds since
 *     1970, a DATE as text or in days since 1970; an ARRAY as a List
 */
public record SqlParameter(String type, @Nullable Object value) {}
