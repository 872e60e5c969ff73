package io.starfire.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.event.internal.AvroForms;

/** Schemas of data sources as JSON. Stateless; thread-safe. */
public final class DataSourceSchemas {
  // Stricter than Json, which reads what Starfire wrote itself: people write schemas, too. What
  // must
  // be there is marked in the records.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private DataSourceSchemas() {}

  /** A schema as one line of JSON. Equal schemas give equal text. */
  public static String toJson(DataSourceSchema schema) {
    try {
      return MAPPER.writeValueAsString(schema);
    } catch (JsonProcessingException e) {
      throw new StarfireException(
          ErrorCode.INTERNAL, "schema of '%s' cannot be written".formatted(schema.name()), e);
    }
  }

  /**
   * Reads what {@link #toJson} writes.
   *
   * @throws StarfireException with INVALID_INPUT if it is not JSON, a field is missing or unknown,
   *     or the schema is not a valid one
   */
  public static DataSourceSchema fromJson(String json) {
    try {
      DataSourceSchema schema = MAPPER.readValue(json, DataSourceSchema.class);
      if (schema == null) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT, "a data source schema must be a JSON object, got null");
      }
      return schema;
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof StarfireException cause) {
        throw cause;
      }
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          // What follows a semicolon is about settings of the JSON library.
          "this is not a data source schema: %s"
              .formatted(e.getOriginalMessage().replaceFirst(";.*", "")),
          e);
    }
  }

  /** CRC-64-AVRO of {@link #toJson}: it changes with anything in the schema. */
  public static long fingerprint(DataSourceSchema schema) {
    return AvroForms.fingerprint(toJson(schema));
  }
}
