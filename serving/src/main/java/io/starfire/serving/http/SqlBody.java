package io.starfire.serving.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlParameter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is posted to the SQL route. Fields that are not known are ignored, as in Druid: its clients
 * send some.
 *
 * @param query the statement
 * @param format how rows are written
 * @param header whether the names of the columns come first
 * @param typesHeader whether the native types come then
 * @param sqlTypesHeader whether the SQL types come then
 * @param parameters the values of its {@code ?}
 * @param context settings of the query
 */
record SqlBody(
    String query,
    ResultFormat format,
    boolean header,
    boolean typesHeader,
    boolean sqlTypesHeader,
    List<SqlParameter> parameters,
    Map<String, Object> context) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** A body that is the statement alone. */
  static SqlBody ofText(byte[] body) {
    return new SqlBody(
        new String(body, UTF_8), ResultFormat.OBJECT, false, false, false, List.of(), Map.of());
  }

  /**
   * Reads a body of JSON.
   *
   * @throws StarfireException with INVALID_INPUT
   */
  static SqlBody ofJson(byte[] body) {
    JsonNode json = tree(body);
    if (!json.isObject()) {
      throw refused(
          "the body is not a JSON object; expected one with the field query, such as"
              + " {\"query\":\"SELECT 1\"}");
    }
    JsonNode query = json.path("query");
    if (!query.isTextual()) {
      throw refused(
          query.isMissingNode() || query.isNull()
              ? "the body lacks the field query, which holds the SQL"
              : "the field query must be a text");
    }
    boolean header = flag(json, "header");
    SqlBody read =
        new SqlBody(
            query.asText(),
            format(json.path("resultFormat")),
            header,
            flag(json, "typesHeader"),
            flag(json, "sqlTypesHeader"),
            parameters(json.path("parameters")),
            context(json.path("context")));
    if (!header && (read.typesHeader || read.sqlTypesHeader)) {
      throw refused("typesHeader and sqlTypesHeader must come with header: true");
    }
    return read;
  }

  private static JsonNode tree(byte[] body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the body is not JSON: %s%s; SQL alone must be sent with Content-Type text/plain"
              .formatted(
                  e.getOriginalMessage().lines().findFirst().orElse(""),
                  at == null
                      ? ""
                      : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr())),
          e);
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the body could not be read: " + e.getMessage(), e);
    }
  }

  private static StarfireException refused(String sentence) {
    return new StarfireException(ErrorCode.INVALID_INPUT, sentence);
  }

  private static ResultFormat format(JsonNode name) {
    if (name.isMissingNode() || name.isNull()) {
      return ResultFormat.OBJECT;
    }
    if (!name.isTextual()) {
      throw refused("the field resultFormat must be a text, such as object or csv");
    }
    return ResultFormat.of(name.asText());
  }

  private static boolean flag(JsonNode json, String name) {
    JsonNode value = json.path(name);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (value.isTextual() && (value.asText().equals("true") || value.asText().equals("false"))) {
      return value.asText().equals("true");
    }
    if (!value.isBoolean()) {
      throw refused("the field %s must be true or false".formatted(name));
    }
    return value.asBoolean();
  }

  private static List<SqlParameter> parameters(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return List.of();
    }
    if (!given.isArray()) {
      throw refused(
          "the field parameters must be a list, such as [{\"type\":\"VARCHAR\",\"value\":\"a\"}]");
    }
    List<SqlParameter> parameters = new ArrayList<>();
    for (JsonNode one : given) {
      JsonNode type = one.path("type");
      if (!one.isObject() || !type.isTextual() || !one.has("value")) {
        throw refused(
            "parameters[%d] must have a type and a value, such as {\"type\":\"VARCHAR\",\"value\":\"a\"}"
                .formatted(parameters.size()));
      }
      parameters.add(
          new SqlParameter(type.asText(), MAPPER.convertValue(one.get("value"), Object.class)));
    }
    return parameters;
  }

  private static Map<String, Object> context(JsonNode given) {
    if (given.isMissingNode() || given.isNull()) {
      return Map.of();
    }
    if (!given.isObject()) {
      throw refused("the field context must be an object, such as {\"sqlTimeZone\":\"Etc/UTC\"}");
    }
    return MAPPER.convertValue(given, new TypeReference<LinkedHashMap<String, Object>>() {});
  }
}
