package io.starfire.serving.sql;

/**
 * A column of a table or of an answer, or a parameter.
 *
 * @param name of the column
 * @param sqlType the name of its SQL type, as Druid gives it: VARCHAR, CHAR, BIGINT, INTEGER,
 *     DOUBLE, FLOAT, DECIMAL, BOOLEAN, TIMESTAMP, DATE, ARRAY, OTHER, and others
 * @param jdbcType its number in {@link java.sql.Types}
 * @param nullable whether it may be null
 * @param precision digits, characters or decimals of seconds; -1 if that is not said
 * @param scale decimals; {@link Integer#MIN_VALUE} if that is not said
 * @param nativeType LONG, DOUBLE, FLOAT, STRING, {@code ARRAY<...>} or {@code COMPLEX<...>}
 */
public record SqlColumn(
    String name,
    String sqlType,
    int jdbcType,
    boolean nullable,
    int precision,
    int scale,
    String nativeType) {}
