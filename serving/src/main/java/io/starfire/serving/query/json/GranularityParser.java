package io.starfire.serving.query.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.starfire.common.Granularity;
import io.starfire.common.Times;
import io.starfire.serving.query.model.DurationGranularity;
import io.starfire.serving.query.model.PeriodGranularity;
import io.starfire.serving.query.model.QueryChecks;
import io.starfire.serving.query.model.QueryGranularity;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads granularities: names, and objects of type duration and period. Stateless. */
final class GranularityParser {
  private GranularityParser() {}

  /** The field {@code granularity}, which must be there. */
  static QueryGranularity parse(JsonFields fields) {
    return parse(fields.required("granularity"), fields.pathOf("granularity"));
  }

  static QueryGranularity parse(JsonNode node, String path) {
    if (!node.isObject()) {
      return QueryGranularity.of(Granularity.parse(JsonFields.text(node, path)));
    }
    JsonFields typed = new JsonFields(node, path);
    String type = typed.text("type");
    QueryGranularity granularity =
        switch (type) {
          case "all" -> QueryGranularity.of(Granularity.ALL);
          case "none" -> QueryGranularity.of(Granularity.NONE);
          case "duration" -> duration(typed);
          case "period" -> period(typed);
          default ->
              throw QueryParser.unknownType(
                  typed.pathOf("type"),
                  type,
                  Set.of("all", "none", "duration", "period"),
                  Set.of());
        };
    typed.rejectUnknown("a granularity of type " + type);
    return granularity;
  }

  private static QueryGranularity duration(JsonFields fields) {
    JsonNode node = fields.required("duration");
    long millis = number(node.asText());
    if (millis <= 0) {
      throw QueryChecks.invalid(
          "%s must be whole milliseconds above 0, got %s",
          fields.pathOf("duration"), JsonFields.describe(node));
    }
    Long origin = origin(fields);
    return new DurationGranularity(millis, origin == null ? 0 : origin);
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static QueryGranularity period(JsonFields fields) {
    String period = fields.text("period");
    return new PeriodGranularity(period, zone(fields), origin(fields));
  }

  /** The field {@code timeZone}; UTC if it is absent. */
  static ZoneId zone(JsonFields fields) {
    if (fields.optional("timeZone") == null) {
      return ZoneOffset.UTC;
    }
    String name = fields.text("timeZone");
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw QueryChecks.invalid(
          "%s '%s' is not known; use a name such as America/Los_Angeles, or an offset such as"
              + " +02:00",
          fields.pathOf("timeZone"), name);
    }
  }

  /** Null if there is none; without an offset it is read as UTC. */
  private static @Nullable Long origin(JsonFields fields) {
    JsonNode node = fields.optional("origin");
    if (node == null) {
      return null;
    }
    return node.isIntegralNumber() && node.canConvertToLong()
        ? node.longValue()
        : Times.parse(JsonFields.text(node, fields.pathOf("origin")));
  }
}
