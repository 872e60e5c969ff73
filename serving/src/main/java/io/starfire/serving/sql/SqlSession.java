package io.starfire.serving.sql;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;

/**
 * What holds for one statement from its first to its last row.
 *
 * @param sqlQueryId by which it can be cancelled
 * @param context its settings
 * @param zone in which its times are meant
 * @param now what CURRENT_TIMESTAMP is
 * @param catalog the tables and functions that it may name
 */
public record SqlSession(
    String sqlQueryId, Map<String, Object> context, ZoneId zone, Instant now, SqlCatalog catalog) {}
