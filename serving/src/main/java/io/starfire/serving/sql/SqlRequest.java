package io.starfire.serving.sql;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A statement, and how it should be answered. Immutable.
 *
 * @param sql the text
 * @param parameters the values of its {@code ?}, in order; may be missing until the statement runs
 * @param context settings, as those of a native query; SQL's own are {@code sqlTimeZone}, {@code
 *     useApproximateCountDistinct} and {@code sqlCurrentTimestamp}
 * @param sqlQueryId by which it can be cancelled
 */
public record SqlRequest(
    String sql, List<SqlParameter> parameters, Map<String, Object> context, String sqlQueryId) {
  public SqlRequest {
    requireNonNull(sql, "sql");
    requireNonNull(sqlQueryId, "sqlQueryId");
    parameters = List.copyOf(parameters);
    context = Collections.unmodifiableMap(new LinkedHashMap<>(context));
  }
}
