package io.starfire.serving.sql.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlSession;
import io.starfire.serving.sql.function.ExpressionWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.calcite.rex.RexBuilder;

/**
 * What holds for all parts of a plan.
 *
 * @param session of the statement
 * @param rexes makes expressions
 * @param writer writes expressions that read no column
 */
record PlanContext(SqlSession session, RexBuilder rexes, ExpressionWriter writer) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static PlanContext of(SqlSession session, RexBuilder rexes) {
    return new PlanContext(
        session,
        rexes,
        new ExpressionWriter(
            rexes,
            session.zone(),
            session.now(),
            column -> {
              throw new StarfireException(
                  ErrorCode.INTERNAL, "a fixed value reads column %d".formatted(column));
            }));
  }

  /** Whether COUNT(DISTINCT) may be an estimate. */
  boolean countsApproximately() {
    Object setting = session.context().get("useApproximateCountDistinct");
    return setting == null || Boolean.parseBoolean(setting.toString());
  }

  /** The context of native queries. */
  ObjectNode queryContext() {
    Map<String, Object> context = new LinkedHashMap<>(session.context());
    context.keySet().removeIf(name -> name.startsWith("sql"));
    context.remove("useApproximateCountDistinct");
    context.keySet().removeAll(java.util.List.of("grandTotal", "bySegment", "resultAsArray"));
    context.remove("sortByDimsFirst");
    context.remove("timestampResultField");
    context.remove("finalize");
    context.remove("queryId");
    // The account of memory is the limit.
    context.putIfAbsent("maxSubqueryRows", Long.MAX_VALUE);
    context.put("sqlQueryId", session.sqlQueryId());
    return MAPPER.valueToTree(context);
  }
}
